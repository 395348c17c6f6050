namespace Emqx.Broker.Storage.Backups;

/// <summary>What is where in a backup: a gzipped tar of one folder, which is named like the file.</summary>
internal static class BackupArchive
{
    /// <summary>Release and edition of the program that has made it.</summary>
    public const string Meta = "META.hocon";

    /// <summary>The configuration that was changed by the API.</summary>
    public const string Configuration = "cluster.hocon";

    /// <summary>A folder for each table set, with its rows in files of bounded size.</summary>
    public const string Tables = "tables";

    /// <summary>Where EMQX keeps its tables, in the form of its own database.</summary>
    public const string Mnesia = "mnesia";

    /// <summary>Bytes of a file of rows, before the row that makes it full.</summary>
    public const int FullPart = 4 * 1024 * 1024;

    /// <summary>Bytes of the longest row.</summary>
    public const int LongestRow = 16 * 1024 * 1024;

    /// <summary>Bytes of <see cref="Meta"/> and of <see cref="Configuration"/>, as of any text of configuration.</summary>
    public const int LongestText = 1024 * 1024;

    /// <summary>Bytes of a whole archive, unpacked.</summary>
    public const long MostBytes = 4L * 1024 * 1024 * 1024;

    /// <summary>Files and folders of an archive.</summary>
    public const int MostEntries = 2000;
}
