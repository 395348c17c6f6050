using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Emqx.Mgmt.Tests.Conventions;

/// <summary>The sources of the repository, as text.</summary>
internal static partial class SourceTree
{
    public static string Root { get; } = FindRoot();

    /// <summary>The files below a folder of the repository, by their path in there.</summary>
    public static IEnumerable<(string Relative, string Text)> Read(string folder)
    {
        var full = Path.Combine(Root, folder);
        return Directory.EnumerateFiles(full, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(full, file).Replace('\\', '/'))
            .Where(file => !file.StartsWith("obj/", StringComparison.Ordinal) && !file.StartsWith("bin/", StringComparison.Ordinal))
            .Select(file => (file, File.ReadAllText(Path.Combine(full, file))));
    }

    /// <summary>The lines of a file without comments and literals.</summary>
    public static IEnumerable<string> CodeLines(string text) =>
        text.Split('\n').Select(line => Literals().Replace(line, "")).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal));

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Literals();

    private static string FindRoot([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../../.."));
}
