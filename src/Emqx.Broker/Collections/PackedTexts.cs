using System.Text;

namespace Emqx.Broker.Collections;

/// <summary>
/// One text of each row of a chunk, packed as UTF-8 one behind the other: a search reads memory in a line, and touches only the rows
/// that it hits. A text of the table's rows costs its bytes and one more.
/// </summary>
internal sealed class PackedTexts
{
    // In no UTF-8, so that nothing is found across two texts.
    private const byte End = 0xFF;

    private readonly byte[] _bytes;

    private PackedTexts(byte[] bytes) => _bytes = bytes;

    /// <summary>Packs the texts of some rows.</summary>
    public static PackedTexts Pack<TRow, TText>(ReadOnlySpan<TRow> rows) where TText : struct, IRowText<TRow>
    {
        // The lengths are read first, all in a row: so the processor fetches many texts from memory at once.
        var room = rows.Length;
        foreach (var row in rows)
            room += Encoding.UTF8.GetMaxByteCount(TText.TextOf(row)?.Length ?? 0);
        var buffer = ByteBuffers.Rent(room);
        var length = 0;
        foreach (var row in rows)
        {
            length += Encoding.UTF8.GetBytes(TText.TextOf(row).AsSpan(), buffer.AsSpan(length));
            buffer[length++] = End;
        }

        var packed = new PackedTexts(buffer.AsSpan(0, length).ToArray());
        ByteBuffers.Return(buffer);
        return packed;
    }

    /// <summary>Finds the rows whose text has <paramref name="part"/> in it.</summary>
    public Hits Find(ReadOnlySpan<byte> part) => new(_bytes, part);

    /// <summary>The rows that a search finds, in order, each once.</summary>
    public ref struct Hits
    {
        private readonly ReadOnlySpan<byte> _part;
        private ReadOnlySpan<byte> _rest;
        private int _next;

        internal Hits(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> part)
        {
            _rest = bytes;
            _part = part;
        }

        /// <summary>The index of the row found.</summary>
        public int Row { get; private set; }

        /// <summary>Goes on to the next row found.</summary>
        public bool MoveNext()
        {
            var at = _rest.IsEmpty ? -1 : _rest.IndexOf(_part);
            if (at < 0)
                return false;
            Row = _next + _rest[..at].Count(End);
            _next = Row + 1;
            _rest = _rest[(at + _rest[at..].IndexOf(End) + 1)..];
            return true;
        }
    }
}

/// <summary>Which text of a row is packed. Implemented by empty structs, so that calls are inlined.</summary>
internal interface IRowText<TRow>
{
    /// <summary>The text; null is packed as an empty one.</summary>
    static abstract string? TextOf(TRow row);
}
