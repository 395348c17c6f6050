namespace Emqx.Mgmt.Api.Validation;

/// <summary>The names of packages, <c>name-1.0.0.tar.gz</c>: of what is sent nothing else is read.</summary>
internal static class PackageForm
{
    private const string Extension = ".tar.gz";

    /// <summary>The file name of the package in the operation's form; null where there is no such form or file.</summary>
    public static async ValueTask<string?> ReadNameAsync(HttpContext context) =>
        await UploadedFile.FindAsync(context) is { Name: { Length: > 0 } name } ? name : null;

    /// <summary>Whether a package's name has a release.</summary>
    public static bool IsVersioned(string file) => file.Contains('-', StringComparison.Ordinal);

    /// <summary>The name without its extension.</summary>
    public static string Trimmed(string file) => file.EndsWith(Extension, StringComparison.Ordinal) ? file[..^Extension.Length] : file;
}
