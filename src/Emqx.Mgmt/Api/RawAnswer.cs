using System.Text;

namespace Emqx.Mgmt.Api;

/// <summary>An answer that is made already: a status, and a body of a known length and type, or none.</summary>
internal sealed class RawAnswer(int status, string? type = null, ReadOnlyMemory<byte> body = default) : IResult, IStatusCodeHttpResult
{
    /// <summary>400 with an empty body: what EMQX's HTTP server answers itself.</summary>
    public static readonly RawAnswer BadRequest = new(StatusCodes.Status400BadRequest);

    public int? StatusCode => status;

    /// <summary>A plain text.</summary>
    public static RawAnswer Text(string text, int status) => new(status, Answer.PlainText, Encoding.UTF8.GetBytes(text));

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
