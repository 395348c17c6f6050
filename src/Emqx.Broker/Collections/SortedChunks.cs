using System.Diagnostics.CodeAnalysis;

namespace Emqx.Broker.Collections;

/// <summary>
/// A sorted table of rows in chunks of a few hundred: any position, key or step in O(chunks), adding and removing in
/// O(log rows + chunk). Readers copy rows out under a lock that is held for one chunk at most, and go on behind the last key that
/// they have seen: whatever changes meanwhile, a walk gives no row twice and misses none that stayed.
/// </summary>
internal sealed partial class SortedChunks<TRow, TKey, TOrder>
    where TRow : class
    where TOrder : struct, IRowOrder<TRow, TKey>
{
    /// <summary>The most rows that one chunk holds.</summary>
    public const int ChunkSize = 256;

    private const int MinCapacity = 4;

    private readonly Lock _gate = new();
    private Chunk[] _chunks = new Chunk[1];
    private int _chunkCount;
    private int _count;

    // Changes whenever a chunk comes, goes or is split, so that a walk knows whether its place still stands.
    private int _layout;

    private struct Chunk
    {
        public TRow[] Rows;
        public int Count;

        /// <summary>Grows with every change.</summary>
        public int Version;

        /// <summary>What somebody has made of these very rows; forgotten with the next change.</summary>
        public object? Digest;

        public void Change()
        {
            Version++;
            Digest = null;
        }
    }

    /// <summary>How many rows there are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Adds a row, or puts it in the place of the one with the same key, which may be itself. True where it is new.</summary>
    public bool Add(TRow row, out TRow? replaced)
    {
        var key = TOrder.KeyOf(row);
        lock (_gate)
        {
            if (Locate(key, out var chunk, out var at))
            {
                ref var place = ref _chunks[chunk].Rows[at];
                replaced = place;
                place = row;
                _chunks[chunk].Change();
                return false;
            }

            replaced = null;
            Insert(chunk, at, row);
            _count++;
            return true;
        }
    }

    /// <summary>Removes this very row; another one with the same key stays.</summary>
    public bool Remove(TRow row)
    {
        var key = TOrder.KeyOf(row);
        lock (_gate)
        {
            if (!Locate(key, out var chunk, out var at) || !ReferenceEquals(_chunks[chunk].Rows[at], row))
                return false;
            RemoveAt(chunk, at);
            _count--;
            return true;
        }
    }

    /// <summary>The row with this key.</summary>
    public bool TryFind(in TKey key, [MaybeNullWhen(false)] out TRow row)
    {
        lock (_gate)
        {
            var found = Locate(key, out var chunk, out var at);
            row = found ? _chunks[chunk].Rows[at] : null;
            return found;
        }
    }

    /// <summary>How many chunks there are.</summary>
    internal int ChunkCount => _chunkCount;

    /// <summary>The first row; null where there is none.</summary>
    public TRow? First
    {
        get
        {
            lock (_gate)
                return _count == 0 ? null : _chunks[0].Rows[0];
        }
    }

    /// <summary>How many rows stand before this key.</summary>
    public int Position(in TKey key)
    {
        lock (_gate)
        {
            Locate(key, out var chunk, out var at);
            for (var i = 0; i < chunk; i++)
                at += _chunks[i].Count;
            return at;
        }
    }

    /// <summary>Copies rows from a position on; gives their number. One lock for the whole page: ask for pages, not for the table.</summary>
    public int Read(long position, Span<TRow> into)
    {
        lock (_gate)
        {
            var chunk = 0;
            while (chunk < _chunkCount && position >= _chunks[chunk].Count)
                position -= _chunks[chunk++].Count;
            return Copy(chunk, (int)Math.Min(position, int.MaxValue), into);
        }
    }

    /// <summary>Copies the rows from a key on, or, where not <paramref name="inclusive"/>, behind it; gives their number.</summary>
    public int ReadFrom(in TKey key, bool inclusive, Span<TRow> into)
    {
        lock (_gate)
        {
            if (Locate(key, out var chunk, out var at) && !inclusive)
                at++;
            return Copy(chunk, at, into);
        }
    }

    /// <summary>Walks over all rows, chunk by chunk.</summary>
    public Walk Scan() => new(this);

    /// <summary>Walks over the rows from a key on, or behind it.</summary>
    public Walk ScanFrom(in TKey key, bool inclusive) => new(this, key, inclusive);

    private int Copy(int chunk, int at, Span<TRow> into)
    {
        var copied = 0;
        for (; chunk < _chunkCount && copied < into.Length; chunk++, at = 0)
        {
            var rows = _chunks[chunk].Rows.AsSpan(at, _chunks[chunk].Count - at);
            if (rows.Length > into.Length - copied)
                rows = rows[..(into.Length - copied)];
            rows.CopyTo(into[copied..]);
            copied += rows.Length;
        }

        return copied;
    }

    // The place of the key, or where it would be inserted: at most the end of a chunk.
    private bool Locate(in TKey key, out int chunk, out int at)
    {
        int low = 0, high = _chunkCount - 1;
        while (low < high)
        {
            var middle = (low + high + 1) >>> 1;
            if (TOrder.Compare(key, _chunks[middle].Rows[0]) < 0)
                high = middle - 1;
            else
                low = middle;
        }

        chunk = low;
        at = 0;
        return _chunkCount != 0 && Search(_chunks[chunk], key, out at);
    }

    private static bool Search(in Chunk chunk, in TKey key, out int at)
    {
        int low = 0, high = chunk.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = TOrder.Compare(key, chunk.Rows[middle]);
            if (order == 0)
            {
                at = middle;
                return true;
            }

            if (order < 0)
                high = middle - 1;
            else
                low = middle + 1;
        }

        at = low;
        return false;
    }

    private void Insert(int index, int at, TRow row)
    {
        if (_chunkCount == 0)
            InsertChunk(0, new TRow[MinCapacity], 0);
        else if (_chunks[index].Count == ChunkSize)
            MakeRoom(ref index, ref at);

        ref var chunk = ref _chunks[index];
        if (chunk.Count == chunk.Rows.Length)
            Array.Resize(ref chunk.Rows, Math.Min(ChunkSize, chunk.Count * 2));
        Array.Copy(chunk.Rows, at, chunk.Rows, at + 1, chunk.Count - at);
        chunk.Rows[at] = row;
        chunk.Count++;
        chunk.Change();
    }

    // A full chunk is halved, but at the ends of the table a fresh one begins: keys that come in order fill their chunks.
    private void MakeRoom(ref int index, ref int at)
    {
        if (index == _chunkCount - 1 && at == ChunkSize)
        {
            InsertChunk(++index, new TRow[MinCapacity], 0);
            at = 0;
            return;
        }

        if (index == 0 && at == 0)
        {
            InsertChunk(0, new TRow[MinCapacity], 0);
            return;
        }

        const int half = ChunkSize / 2;
        var upper = new TRow[ChunkSize];
        var lower = _chunks[index].Rows;
        Array.Copy(lower, half, upper, 0, half);
        Array.Clear(lower, half, half);
        _chunks[index].Count = half;
        _chunks[index].Change();
        InsertChunk(index + 1, upper, half);
        if (at <= half)
            return;
        index++;
        at -= half;
    }

    private void InsertChunk(int index, TRow[] rows, int count)
    {
        if (_chunkCount == _chunks.Length)
            Array.Resize(ref _chunks, _chunkCount * 2);
        Array.Copy(_chunks, index, _chunks, index + 1, _chunkCount - index);
        _chunks[index] = new Chunk { Rows = rows, Count = count };
        _chunkCount++;
        _layout++;
    }

    private void RemoveAt(int index, int at)
    {
        ref var chunk = ref _chunks[index];
        chunk.Count--;
        chunk.Change();
        Array.Copy(chunk.Rows, at + 1, chunk.Rows, at, chunk.Count - at);
        chunk.Rows[chunk.Count] = null!;
        if (chunk.Count == 0)
            RemoveChunk(index);
        else if (chunk.Count < ChunkSize / 4 && !TryMerge(index))
            TryMerge(index - 1);
    }

    // Joins a chunk with the one behind it, where they leave half of a chunk free.
    private bool TryMerge(int index)
    {
        if (index < 0 || index + 1 >= _chunkCount || _chunks[index].Count + _chunks[index + 1].Count > ChunkSize / 2)
            return false;
        ref var left = ref _chunks[index];
        ref var right = ref _chunks[index + 1];
        var joined = new TRow[ChunkSize];
        Array.Copy(left.Rows, joined, left.Count);
        Array.Copy(right.Rows, 0, joined, left.Count, right.Count);
        left.Rows = joined;
        left.Count += right.Count;
        left.Change();
        RemoveChunk(index + 1);
        return true;
    }

    private void RemoveChunk(int index)
    {
        _chunkCount--;
        Array.Copy(_chunks, index + 1, _chunks, index, _chunkCount - index);
        _chunks[_chunkCount] = default;
        _layout++;
        if (_chunks.Length > 64 && _chunkCount < _chunks.Length / 4)
            Array.Resize(ref _chunks, _chunks.Length / 2);
    }
}
