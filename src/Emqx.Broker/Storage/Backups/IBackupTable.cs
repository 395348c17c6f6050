using Emqx.Broker.Storage.Backups.Mnesia;

namespace Emqx.Broker.Storage.Backups;

/// <summary>A table set of backups, in EMQX's words: its rows are lines of JSON, which only the same table reads again.</summary>
internal interface IBackupTable
{
    /// <summary>EMQX's name of the set: banned, api_keys, dashboard_users, …</summary>
    string Name { get; }

    /// <summary>Every row as it is now, made while it is read.</summary>
    IEnumerable<byte[]> Export();

    /// <summary>
    /// Puts rows in place of those of the same keys; others stay. A completed task means that they are on disk. Throws
    /// <see cref="InvalidDataException"/>, with words for people, where a row cannot be taken: those before it are.
    /// </summary>
    ValueTask ImportAsync(IReadOnlyList<byte[]> rows, CancellationToken cancellation);

    /// <summary>The tables of EMQX's database that hold the same; none where theirs are not read.</summary>
    IReadOnlyList<string> MnesiaTables => [];

    /// <summary>Puts a row of one of <see cref="MnesiaTables"/> in place of the one of its key; throws as the import of own rows does.</summary>
    ValueTask ImportAsync(ErlangTerm.Tuple row, CancellationToken cancellation) => throw new InvalidDataException($"{Name}: no row of EMQX's");

    /// <summary>Puts all of these rows in place but those that cannot be taken; tells what is wrong with the first of them, null where there is none.</summary>
    async ValueTask<string?> ImportAllAsync(IReadOnlyList<ErlangTerm.Tuple> rows, CancellationToken cancellation)
    {
        string? first = null;
        foreach (var row in rows)
        {
            try
            {
                await ImportAsync(row, cancellation).ConfigureAwait(false);
            }
            catch (InvalidDataException problem)
            {
                first ??= problem.Message;
            }
        }

        return first;
    }
}
