using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.Http.Metadata;

namespace Emqx.Mgmt.Api.Status;

/// <summary>The status in either form, 503 while the node is not running.</summary>
internal sealed class StatusAnswer(StatusResponse status, bool runs, bool asJson) : IResult, IEndpointMetadataProvider
{
    private const string RetrySeconds = "15";

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var code = runs ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        httpContext.Response.Headers.RetryAfter = RetrySeconds;
        if (asJson)
            return Answer.Ok(status, code).ExecuteAsync(httpContext);
        var text = Encoding.UTF8.GetBytes($"Node {status.NodeName} is {status.BrokerStatus}\nemqx is {status.AppStatus}");
        return RawAnswer.SendAsync(httpContext, code, Answer.PlainText, text).AsTask();
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(StatusResponse), [Answer.ApplicationJson, Answer.PlainText]));
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status503ServiceUnavailable, typeof(StatusResponse), [Answer.ApplicationJson, Answer.PlainText]));
    }
}
