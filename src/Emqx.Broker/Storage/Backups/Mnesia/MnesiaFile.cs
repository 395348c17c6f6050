using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Emqx.Broker.Storage.Backups.Mnesia;

/// <summary>
/// A table as EMQX's backups hold it: a log of Erlang's terms, each behind its length and a mark. What is no row (the log's own header, the
/// table's description) is passed over.
/// </summary>
internal static class MnesiaFile
{
    private const int HeadSize = 8;
    private const int ItemHeadSize = 8;
    private const int HashSize = 16;

    /// <summary>From this length on, a hash of the length stands before the term.</summary>
    private const int HashedLength = 65_528;

    private static ReadOnlySpan<byte> Magic => [1, 2, 3, 4];

    private static ReadOnlySpan<byte> ItemMagic => [98, 87, 76, 65];

    private static ReadOnlySpan<byte> OlderItemMagic => [12, 33, 44, 55];

    /// <summary>The rows of a table in the present file of an archive. Throws <see cref="InvalidDataException"/> where it is none.</summary>
    public static async IAsyncEnumerable<ErlangTerm.Tuple> ReadAsync(BackupReader archive, string table, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var head = new byte[HeadSize];
        await archive.ReadAsync(head, cancellation).ConfigureAwait(false);
        if (!head.AsSpan().StartsWith(Magic))
            throw Unreadable(table);
        while (archive.Left > 0)
        {
            await archive.ReadAsync(head, cancellation).ConfigureAwait(false);
            var (length, isHashed) = ReadItemHead(head, table);
            if (isHashed)
                await archive.ReadAsync(new byte[HashSize], cancellation).ConfigureAwait(false);
            var term = new byte[length];
            await archive.ReadAsync(term, cancellation).ConfigureAwait(false);
            if (ErlangReader.Read(term) is ErlangTerm.Tuple { Items: [ErlangTerm.Atom name, ..] } row && name.Name == table)
                yield return row;
        }
    }

    private static (int Length, bool IsHashed) ReadItemHead(ReadOnlySpan<byte> head, string table)
    {
        var length = BinaryPrimitives.ReadUInt32BigEndian(head);
        var isToday = head[4..ItemHeadSize].SequenceEqual(ItemMagic);
        if (length > BackupArchive.LongestRow || (!isToday && !head[4..ItemHeadSize].SequenceEqual(OlderItemMagic)))
            throw Unreadable(table);
        return ((int)length, isToday && length >= HashedLength);
    }

    private static InvalidDataException Unreadable(string table) => new($"{table}: no table of EMQX's");
}
