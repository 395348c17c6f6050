using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Emqx.Mgmt.Api.Validation;

/// <summary>A form with a package in it, of which the name is read and never the content.</summary>
internal static class PackageForm
{
    private const string Extension = ".tar.gz";
    private const int LongestBoundary = 128;

    /// <summary>The file name of the package in a form's field; null where there is no such form or field.</summary>
    public static async ValueTask<string?> ReadNameAsync(HttpRequest request, string field, CancellationToken cancellation)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            return null;
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).ToString();
        if (boundary.Length is 0 or > LongestBoundary)
            return null;
        try
        {
            var reader = new MultipartReader(boundary, request.Body) { BodyLengthLimit = BodyLimit.Packages.Bytes };
            while (await reader.ReadNextSectionAsync(cancellation) is { } section)
            {
                if (ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var named) && HeaderUtilities.RemoveQuotes(named.Name) == field)
                    return NameIn(named);
            }
        }
        catch (Exception error) when (error is InvalidDataException or (IOException and not BadHttpRequestException))
        {
            // No form: answered as one without the field.
        }

        return null;
    }

    /// <summary>Whether a package's name has a release: <c>name-1.0.0.tar.gz</c>.</summary>
    public static bool IsVersioned(string file) => file.Contains('-', StringComparison.Ordinal);

    /// <summary>The name without its extension.</summary>
    public static string Trimmed(string file) => file.EndsWith(Extension, StringComparison.Ordinal) ? file[..^Extension.Length] : file;

    private static string? NameIn(ContentDispositionHeaderValue named) =>
        HeaderUtilities.RemoveQuotes(named.FileNameStar.HasValue ? named.FileNameStar : named.FileName).ToString() is { Length: > 0 } file ? file : null;
}
