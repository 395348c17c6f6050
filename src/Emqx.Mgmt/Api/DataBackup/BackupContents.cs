using System.Globalization;
using Emqx.Broker.Cluster;
using Emqx.Broker.Schema.Hocon;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Storage.Backups;

namespace Emqx.Mgmt.Api.DataBackup;

/// <summary>What a backup says of itself: it may be put back here, and this is its configuration.</summary>
/// <param name="Configuration">Roots by name.</param>
internal sealed record BackupContents(ConfigObject Configuration)
{
    private const string Edition = "ce";

    /// <summary>What <see cref="BackupArchive.Meta"/> says of a backup that is made here.</summary>
    public static string Meta { get; } = HoconWriter.Write(new ConfigObject(new() { ["edition"] = Edition, ["version"] = NodeIdentity.Version }));

    /// <summary>Reads the whole archive once. Throws <see cref="InvalidDataException"/>, with EMQX's words, for what is no backup or not one for this server.</summary>
    public static async ValueTask<BackupContents> ReadAsync(Stream file, string folder, CancellationToken cancellation)
    {
        using var archive = new BackupReader(file, folder);
        ConfigObject? meta = null;
        var configuration = ConfigObject.Empty;
        while (await archive.NextAsync(cancellation) is { } path)
        {
            if (path == BackupArchive.Meta)
                meta = Parse(await archive.ReadTextAsync(cancellation), path);
            else if (path == BackupArchive.Configuration)
                configuration = Parse(await archive.ReadTextAsync(cancellation), path);
        }

        Check(meta ?? throw new InvalidDataException($"invalid backup archive file: missing {BackupArchive.Meta}"));
        return new(configuration);
    }

    /// <summary>The folder that the archive of that name has.</summary>
    public static string FolderOf(string filename) => filename[..^BackupName.Extension.Length];

    private static ConfigObject Parse(string text, string path)
    {
        try
        {
            return HoconParser.Parse(text);
        }
        catch (HoconException error)
        {
            throw new InvalidDataException($"invalid backup archive content: {path}, line {error.Line}: {error.Reason}");
        }
    }

    private static void Check(ConfigObject meta)
    {
        switch ((meta["edition"] as ConfigText)?.Text)
        {
            case Edition:
                break;
            case "ee":
                throw new InvalidDataException("importing EMQX Enterprise data backup to EMQX is not allowed");
            default:
                throw new InvalidDataException($"invalid backup archive content: wrong EMQX edition value in {BackupArchive.Meta}");
        }

        var version = (meta["version"] as ConfigText)?.Text ?? "";
        var (major, minor) = ReleaseOf(version) ?? throw new InvalidDataException($"invalid backup archive content: wrong EMQX version value in {BackupArchive.Meta}");
        var own = ReleaseOf(NodeIdentity.Version)!.Value;
        if (major > own.Major || minor > own.Minor)
            throw new InvalidDataException($"[warning] Backup version \"{version}\" is newer than EMQX version \"{NodeIdentity.Version}\", import is not allowed.\n");
    }

    private static (int Major, int Minor)? ReleaseOf(string version) =>
        version.Split('.') is [var major, var minor, ..] && int.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out var first)
        && int.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out var second)
            ? (first, second)
            : null;
}
