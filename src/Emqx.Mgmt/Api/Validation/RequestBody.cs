using System.Buffers;
using System.Text;
using Emqx.Mgmt.Api.Json;

namespace Emqx.Mgmt.Api.Validation;

/// <summary>Reads the bytes of bodies. Whatever goes wrong in that is the peer's doing, and goes on as such.</summary>
internal static class RequestBody
{
    /// <summary>The body as text, up to the limit of the operation.</summary>
    public static async Task<string> ReadTextAsync(HttpContext context)
    {
        using var bytes = new PooledBuffer();
        if (!await ReadAsync(context, bytes, BodyLimit.Of(context)))
            throw new BadHttpRequestException("Too long", StatusCodes.Status413PayloadTooLarge);
        return Encoding.UTF8.GetString(bytes.Span);
    }

    /// <summary>Reads the body to its end; false where it is longer than the limit.</summary>
    public static async ValueTask<bool> ReadAsync(HttpContext context, PooledBuffer bytes, long limit)
    {
        var reader = context.Request.BodyReader;
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(context.RequestAborted);
                foreach (var segment in read.Buffer)
                    bytes.Write(segment.Span);
                reader.AdvanceTo(read.Buffer.End);
                if (bytes.Length > limit)
                    return false;
                if (read.IsCompleted)
                    return true;
            }
        }
        catch (Exception error) when (error is IOException and not BadHttpRequestException)
        {
            // A chunk's length beyond all numbers, for one, is told in this way.
            throw new BadHttpRequestException("Unreadable", error);
        }
    }
}
