using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Storage.Backups;
using Emqx.Broker.Storage.Backups.Mnesia;
using Emqx.Mgmt.Api.Configs;

namespace Emqx.Mgmt.Api.DataBackup;

/// <summary>
/// Puts backups back over what is there: root after root of the configuration, row after row of the tables. What cannot be taken is told and
/// passed over.
/// </summary>
internal sealed class BackupImport(RootSwitches switches, IEnumerable<IBackupTable> tables)
{
    /// <summary>So many parts that are wrong are told.</summary>
    private const int MostErrors = 100;

    /// <summary>So many rows of EMQX's tables are put in place in one step.</summary>
    private const int RowsAtOnce = 1000;

    private static readonly PutConfigsQuery s_over = new(ConfigsMode.Merge, IgnoreReadonly: true);

    /// <summary>Roots whose entries may be of types that this server does not have: a backup may hold them, and importing tells of them.</summary>
    private static readonly string[] s_mayBeForeign = ["authentication", "authorization"];

    private readonly Dictionary<string, IBackupTable> _tables = tables.ToDictionary(static table => table.Name, StringComparer.Ordinal);

    /// <summary>Looks whether a file may be kept as a backup; throws <see cref="InvalidDataException"/> where not. Nothing is changed.</summary>
    public async ValueTask InspectAsync(Stream file, string folder, CancellationToken cancellation)
    {
        var contents = await BackupContents.ReadAsync(file, folder, cancellation);
        foreach (var (root, value) in contents.Configuration)
        {
            if (!s_mayBeForeign.Contains(root) && await ErrorsOfAsync(root, value, isTrial: true, cancellation) is { } errors)
                throw new InvalidDataException($"invalid backup archive content: {errors}");
        }
    }

    /// <summary>Puts a backup back; tells what could not be, an empty list where all was. Throws <see cref="InvalidDataException"/> for what is no backup.</summary>
    public async ValueTask<IReadOnlyList<string>> RunAsync(Stream file, string folder, CancellationToken cancellation)
    {
        var contents = await BackupContents.ReadAsync(file, folder, cancellation);
        var problems = new List<string>();
        foreach (var (root, value) in contents.Configuration)
        {
            if (await ErrorsOfAsync(root, value, isTrial: false, cancellation) is { } errors)
                problems.Add(errors);
        }

        file.Position = 0;
        using var archive = new BackupReader(file, folder);
        while (await archive.NextAsync(cancellation) is { } path)
        {
            if (problems.Count < MostErrors && await ImportAsync(archive, path, cancellation) is { } problem)
                problems.Add(problem);
        }

        return problems;
    }

    private async ValueTask<string?> ErrorsOfAsync(string root, ConfigValue value, bool isTrial, CancellationToken cancellation)
    {
        var given = new ConfigObject(new() { [root] = value });
        var errors = await switches.ChangeAsync(present =>
        {
            var proposal = HoconChange.Propose(given, s_over, present);
            return isTrial ? new(proposal.Answer) : proposal;
        }, HoconChange.Refused, cancellation);
        return errors?.ToString();
    }

    private async ValueTask<string?> ImportAsync(BackupReader archive, string path, CancellationToken cancellation)
    {
        switch (path.Split('/'))
        {
            case [BackupArchive.Mnesia, var name]:
                return _tables.Values.FirstOrDefault(one => one.MnesiaTables.Contains(name)) is { } same ? await ImportAsync(archive, same, name, cancellation) : $"{path}: not read";
            case [BackupArchive.Tables, var set, _]:
                return _tables.TryGetValue(set, out var table) ? await ImportAsync(archive, table, cancellation) : $"{path}: there is no such table";
            default:
                return null;
        }
    }

    private static async ValueTask<string?> ImportAsync(BackupReader archive, IBackupTable table, string mnesia, CancellationToken cancellation)
    {
        string? first = null, end = null;
        var rows = new List<ErlangTerm.Tuple>();
        try
        {
            await foreach (var row in MnesiaFile.ReadAsync(archive, mnesia, cancellation))
            {
                rows.Add(row);
                if (rows.Count < RowsAtOnce)
                    continue;
                var problem = await table.ImportAllAsync(rows, cancellation);
                first ??= problem;
                rows.Clear();
            }
        }
        catch (InvalidDataException problem)
        {
            end = problem.Message;
        }

        var last = await table.ImportAllAsync(rows, cancellation);
        return (first ?? last ?? end) is { } told ? $"{BackupArchive.Mnesia}/{mnesia}: {told}" : null;
    }

    private static async ValueTask<string?> ImportAsync(BackupReader archive, IBackupTable table, CancellationToken cancellation)
    {
        var lines = new RowBuffer();
        while (await archive.ReadRowsAsync(lines, cancellation) is { Count: > 0 } rows)
        {
            try
            {
                await table.ImportAsync(rows, cancellation);
            }
            catch (InvalidDataException problem)
            {
                return problem.Message;
            }
        }

        return null;
    }
}
