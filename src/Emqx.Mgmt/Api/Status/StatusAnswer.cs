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
        var response = httpContext.Response;
        var code = runs ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        response.Headers.RetryAfter = RetrySeconds;
        if (asJson) return Answer.Ok(status, code).ExecuteAsync(httpContext);
        var text = Encoding.UTF8.GetBytes($"Node {status.NodeName} is {status.BrokerStatus}\nemqx is {status.AppStatus}");
        response.StatusCode = code;
        response.ContentType = "text/plain";
        response.ContentLength = text.Length;
        return response.Body.WriteAsync(text, 0, text.Length, httpContext.RequestAborted);
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(StatusResponse), [Answer.ApplicationJson, "text/plain"]));
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status503ServiceUnavailable, typeof(StatusResponse), [Answer.ApplicationJson, "text/plain"]));
    }
}
