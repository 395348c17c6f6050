namespace Emqx.Broker.Settings.Roots;

/// <summary>Folders that file names of the configuration may name: <c>${EMQX_ETC_DIR}</c>, <c>${EMQX_LOG_DIR}</c>.</summary>
/// <param name="EtcFolder">Where emqx.conf lies or would lie.</param>
/// <param name="LogFolder">Where log files go.</param>
internal sealed record ConfigPaths(string EtcFolder, string LogFolder)
{
    private const string EtcVariable = "${EMQX_ETC_DIR}";
    private const string LogVariable = "${EMQX_LOG_DIR}";

    /// <summary>File names stay as they are written, for whoever expands them later.</summary>
    public static readonly ConfigPaths Verbatim = new("", "");

    public string Expand(string path) => path
        .Replace(EtcVariable, EtcFolder, StringComparison.Ordinal)
        .Replace(LogVariable, LogFolder, StringComparison.Ordinal);

    /// <summary>The file; null where none is named, or where it is one of EMQX's own example files and is not there.</summary>
    public string? ExpandFile(string path)
    {
        if (path.Length == 0)
            return null;
        if (ReferenceEquals(this, Verbatim))
            return path;
        var expanded = Expand(path);
        return path.StartsWith(EtcVariable, StringComparison.Ordinal) && !File.Exists(expanded) ? null : expanded;
    }
}
