namespace Emqx.Mgmt.Api;

/// <summary>An answer that is made already: a status, and a body of a known length and type, or none.</summary>
internal sealed class RawAnswer(int status, string? type = null, ReadOnlyMemory<byte> body = default) : IResult, IStatusCodeHttpResult
{
    public int? StatusCode => status;

    public Task ExecuteAsync(HttpContext httpContext) => SendAsync(httpContext, status, type, body).AsTask();

    /// <summary>Sends an answer of this kind; whatever is not streamed goes out through here.</summary>
    public static async ValueTask SendAsync(HttpContext context, int status, string? type, ReadOnlyMemory<byte> body)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = type;
        response.ContentLength = body.Length;
        if (!body.IsEmpty)
            await response.BodyWriter.WriteAsync(body, context.RequestAborted);
    }
}
