using System.Globalization;
using Emqx.Broker.Schema.Hocon;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Emqx.Broker.Storage;
using Emqx.Broker.Storage.Backups;

namespace Emqx.Mgmt.Api.DataBackup;

/// <summary>Makes backups: of what the API has changed in the configuration, and of the tables.</summary>
internal sealed class BackupExport(IBackupStore files, ISettingsStore settings, RunningConfiguration running, IEnumerable<IBackupTable> tables, TimeProvider time)
{
    /// <summary>EMQX's table sets, and delayed. Those that nothing here has yet are empty.</summary>
    private static readonly string[] s_sets = ["api_keys", "banned", "builtin_authn", "builtin_authz", "builtin_retainer", "dashboard_users", "delayed", "psk"];

    /// <summary>Those of the names that no table set has, ascending.</summary>
    public static IReadOnlyList<string> UnknownSets(IReadOnlyList<string>? names) => Unknown(names, static name => s_sets.Contains(name));

    /// <summary>Those of the names that no root has, ascending.</summary>
    public IReadOnlyList<string> UnknownRoots(IReadOnlyList<string>? names) => Unknown(names, name => running.Catalogue.Find(name) is not null);

    /// <summary>Makes a backup; null for all of a kind.</summary>
    public async ValueTask<BackupAddition> MakeAsync(IReadOnlyList<string>? sets, IReadOnlyList<string>? roots, CancellationToken cancellation)
    {
        var stored = StoredLayer.Read(await settings.LoadAsync(cancellation), []);
        var now = TimeZoneInfo.ConvertTime(time.GetUtcNow(), time.LocalTimeZone);
        var folder = string.Create(CultureInfo.InvariantCulture, $"emqx-export-{now:yyyy-MM-dd-HH-mm-ss.fff}");
        return await files.AddAsync(folder + BackupName.Extension, async file =>
        {
            await using var archive = new BackupWriter(file, folder);
            await archive.WriteAsync(BackupArchive.Meta, BackupContents.Meta, cancellation);
            await archive.WriteAsync(BackupArchive.Configuration, HoconWriter.Write(Chosen(stored, roots)), cancellation);
            foreach (var table in tables)
            {
                if (sets?.Contains(table.Name) ?? true)
                    await archive.WriteAsync(table, cancellation);
            }
        }, cancellation);
    }

    private static ConfigObject Chosen(ConfigObject stored, IReadOnlyList<string>? roots) =>
        roots is null ? stored : new ConfigObject(new(stored.Where(field => roots.Contains(field.Key))));

    private static string[] Unknown(IReadOnlyList<string>? names, Func<string, bool> isKnown) =>
        [.. (names ?? []).Where(name => !isKnown(name)).Distinct().Order(StringComparer.Ordinal)];
}
