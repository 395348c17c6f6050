using System.Text.Json;
using Emqx.Broker.Access.Authn.Users;
using Emqx.Mgmt.Api.Failures;
using Emqx.Mgmt.Api.Json;
using Emqx.Mgmt.Api.Validation;

namespace Emqx.Mgmt.Api.Authentication;

/// <summary>Reads users that are sent: a JSON array as the body, or a file in a form.</summary>
internal static class UserUpload
{
    /// <summary>What was sent, or why it is nothing.</summary>
    public static async ValueTask<(UserFile? File, ApiFailure? Problem)> ReadAsync(HttpContext context, UserFileType type)
    {
        if (context.Request.ContentType?.StartsWith(Answer.ApplicationJson, StringComparison.OrdinalIgnoreCase) ?? false)
            return await ReadBodyAsync(context, type);
        if (await UploadedFile.FindAsync(context) is not { } sent)
            return (null, Failure.BadRequest.Because("Missing required parameter: filename"));
        try
        {
            var content = new MemoryStream();
            await sent.CopyToAsync(content, context.RequestAborted);
            return (new(sent.Name, type, content.GetBuffer().AsMemory(0, (int)content.Length)), null);
        }
        catch (InvalidDataException problem)
        {
            return (null, Failure.BadRequest.Because(problem.Message));
        }
    }

    private static async ValueTask<(UserFile? File, ApiFailure? Problem)> ReadBodyAsync(HttpContext context, UserFileType type)
    {
        using var bytes = new PooledBuffer();
        if (!await RequestBody.ReadAsync(context, bytes, BodyLimit.Of(context)))
            return (null, Failure.PayloadTooLarge.AsIs());
        var content = bytes.Span.ToArray();
        return IsJson(content) ? (new(null, type, content), null) : (null, Failure.BadRequest.Because("Invalid json message received"));
    }

    private static bool IsJson(ReadOnlySpan<byte> content)
    {
        try
        {
            var reader = new Utf8JsonReader(content);
            while (reader.Read())
            {
                // To the end: what is wrong is no row's fault.
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
