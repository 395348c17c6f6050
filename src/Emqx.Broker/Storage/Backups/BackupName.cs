namespace Emqx.Broker.Storage.Backups;

/// <summary>The names of backup files.</summary>
internal static class BackupName
{
    public const string Extension = ".tar.gz";

    /// <summary>Whether a text is the name of a file, not a path, with a backup's extension.</summary>
    public static bool IsValid(string name) =>
        name.EndsWith(Extension, StringComparison.Ordinal) && name.AsSpan().IndexOfAny('/', '\\', '\0') < 0;
}
