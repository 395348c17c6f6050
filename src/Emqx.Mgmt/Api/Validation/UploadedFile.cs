using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Emqx.Mgmt.Api.Validation;

/// <summary>An operation whose body is a form with a file in it; it reads the body itself.</summary>
/// <param name="Field">The name of the file's field.</param>
internal sealed record UploadMetadata(string Field);

/// <summary>The file of a form that was sent, read as it comes in.</summary>
/// <param name="Name">What the client calls it; nothing is sure of it.</param>
/// <param name="Content">Its bytes; reading them reads the request.</param>
internal sealed record UploadedFile(string Name, Stream Content)
{
    private const int LongestBoundary = 200;

    /// <summary>Goes to the file of the operation's field; null where the body is no form, or has none.</summary>
    public static async ValueTask<UploadedFile?> FindAsync(HttpContext context)
    {
        var field = context.GetEndpoint()!.Metadata.GetRequiredMetadata<UploadMetadata>().Field;
        if (BoundaryOf(context.Request.ContentType) is not { } boundary)
            return null;
        try
        {
            var form = new MultipartReader(boundary, context.Request.Body);
            while (await form.ReadNextSectionAsync(context.RequestAborted) is { } section)
            {
                if (ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var told) && told.IsFileDisposition()
                    && HeaderUtilities.RemoveQuotes(told.Name).Equals(field, StringComparison.Ordinal))
                    return new(Unquoted(told), section.Body);
            }

            return null;
        }
        catch (Exception error) when (error is InvalidDataException or IOException and not BadHttpRequestException)
        {
            return null; // no form after all
        }
    }

    /// <summary>Copies the file to its end; throws <see cref="InvalidDataException"/> where the form ends before it.</summary>
    public async ValueTask CopyToAsync(Stream into, CancellationToken cancellation)
    {
        var bytes = new byte[64 * 1024];
        while (await ReadAsync(bytes, cancellation) is > 0 and var count)
            await into.WriteAsync(bytes.AsMemory(0, count), cancellation);
    }

    private async ValueTask<int> ReadAsync(byte[] bytes, CancellationToken cancellation)
    {
        try
        {
            return await Content.ReadAsync(bytes, cancellation);
        }
        catch (Exception error) when (error is IOException and not BadHttpRequestException)
        {
            throw new InvalidDataException("Unexpected end of the form", error);
        }
    }

    private static string Unquoted(ContentDispositionHeaderValue told) =>
        HeaderUtilities.UnescapeAsQuotedString(told.FileNameStar.HasValue ? told.FileNameStar : told.FileName).ToString();

    private static string? BoundaryOf(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
        && HeaderUtilities.RemoveQuotes(type.Boundary) is { Length: > 0 and <= LongestBoundary } boundary
            ? boundary.ToString()
            : null;
}
