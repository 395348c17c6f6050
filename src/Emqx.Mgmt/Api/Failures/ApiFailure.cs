using System.Globalization;
using System.Text.Json;
using Emqx.Mgmt.Api.Json;

namespace Emqx.Mgmt.Api.Failures;

/// <summary>The only writer of error bodies: <c>code</c>, <c>message</c> and <c>reason</c> (the same text), or RFC 9457 for those who ask.</summary>
internal sealed class ApiFailure(Failure failure, int status, string message) : IResult, IStatusCodeHttpResult
{
    private const string ProblemJson = "application/problem+json";

    public Failure Failure => failure;
    public string Message => message;
    public int? StatusCode => status;

    /// <summary>When it may be tried again, for <c>Retry-After</c>.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>The same, with when it may be tried again.</summary>
    public ApiFailure After(TimeSpan wait) => new(failure, status, message) { RetryAfter = wait };

    /// <summary>Writes the body in the form that the request's Accept asks for.</summary>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        if (httpContext.Response.HasStarted)
            return;
        if (RetryAfter is { } wait)
            httpContext.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        var problem = AsksForProblem(httpContext.Request);
        using var buffer = new PooledBuffer();
        using (var writer = new Utf8JsonWriter(buffer, ApiJson.WriterOptions))
            Write(writer, problem);
        await RawAnswer.SendAsync(httpContext, status, problem ? ProblemJson : Answer.ApplicationJson, buffer.Memory);
    }

    private void Write(Utf8JsonWriter writer, bool problem)
    {
        writer.WriteStartObject();
        if (problem)
        {
            writer.WriteString("type"u8, "about:blank"u8);
            writer.WriteString("title"u8, failure.Description);
            writer.WriteNumber("status"u8, status);
            writer.WriteString("detail"u8, message);
        }

        writer.WriteString("code"u8, failure.Code);
        writer.WriteString("message"u8, message);
        if (!failure.IsBare)
            writer.WriteString("reason"u8, message);
        writer.WriteEndObject();
    }

    private static bool AsksForProblem(HttpRequest request)
    {
        foreach (var accept in request.Headers.Accept)
        {
            if (accept is not null && accept.Contains(ProblemJson, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
