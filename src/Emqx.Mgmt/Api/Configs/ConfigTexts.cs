using System.Reflection;
using System.Text;
using Emqx.Broker.Schema.Hocon;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Microsoft.AspNetCore.Http.Metadata;

namespace Emqx.Mgmt.Api.Configs;

/// <summary>The form of the configuration that a request accepts.</summary>
internal enum AcceptedForm
{
    Text,
    Json,
    Neither,
}

/// <summary>Reads <c>Accept</c> as EMQX does: text wins wherever it is accepted.</summary>
internal static class AcceptedForms
{
    extension(AcceptedForm)
    {
        public static AcceptedForm Of(HttpRequest request)
        {
            var accept = request.Headers.Accept.ToString();
            if (accept.Length == 0 || Names(accept, "text/plain") || Names(accept, "text/*") || Names(accept, "*/*"))
                return AcceptedForm.Text;
            return Names(accept, "application/json") || Names(accept, "application/*") ? AcceptedForm.Json : AcceptedForm.Neither;
        }
    }

    private static bool Names(string accept, string type) => accept.Contains(type, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Roots as HOCON text.</summary>
internal sealed class HoconText(IReadOnlyList<string> roots, RunningConfiguration running) : IResult, IStatusCodeHttpResult, IEndpointMetadataProvider
{
    public int? StatusCode => StatusCodes.Status200OK;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var shown = new OrderedDictionary<string, ConfigValue>();
        foreach (var root in roots)
            shown[root] = running.Shown(root);
        var text = Encoding.UTF8.GetBytes(HoconWriter.Write(new ConfigObject(shown)));
        return RawAnswer.SendAsync(httpContext, StatusCodes.Status200OK, Answer.PlainText, text).AsTask();
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(string), [Answer.PlainText]));
}
