using System.Buffers;

namespace Emqx.Broker.Collections;

internal sealed partial class SortedChunks<TRow, TKey, TOrder>
{
    /// <summary>A walk over the table that takes one chunk at a time and holds no lock between two. Dispose it.</summary>
    public ref struct Walk
    {
        private readonly SortedChunks<TRow, TKey, TOrder> _table;
        private TRow[]? _buffer;
        private TKey _key;
        private bool _hasKey;
        private bool _inclusive;
        private int _next;
        private int _layout;
        private bool _placed;
        private int _version;

        /// <summary>Whether the rows taken last are a whole chunk, of which a digest can be kept.</summary>
        public bool IsWhole { get; private set; }

        /// <summary>What was kept of the rows taken last; null where nothing was, or not all of a chunk was taken.</summary>
        public object? Digest { get; private set; }

        internal Walk(SortedChunks<TRow, TKey, TOrder> table)
        {
            _table = table;
            _key = default!;
        }

        internal Walk(SortedChunks<TRow, TKey, TOrder> table, in TKey key, bool inclusive)
        {
            _table = table;
            _key = key;
            _hasKey = true;
            _inclusive = inclusive;
        }

        /// <summary>Takes the next rows, in order; they are good until the next call. False at the end.</summary>
        public bool TryNext(out ReadOnlySpan<TRow> rows)
        {
            _buffer ??= ArrayPool<TRow>.Shared.Rent(ChunkSize);
            int copied;
            lock (_table._gate)
                copied = Take();
            rows = _buffer.AsSpan(0, copied);
            if (copied == 0)
                return false;
            _key = TOrder.KeyOf(_buffer[copied - 1]);
            _hasKey = true;
            _inclusive = false;
            return true;
        }

        /// <summary>Keeps a digest of the rows taken last for later walks, as long as their chunk does not change.</summary>
        public readonly void Keep(object digest)
        {
            lock (_table._gate)
            {
                if (!IsWhole || _layout != _table._layout)
                    return;
                ref var chunk = ref _table._chunks[_next - 1];
                if (chunk.Version == _version)
                    chunk.Digest = digest;
            }
        }

        /// <summary>Gives the buffer back.</summary>
        public void Dispose()
        {
            if (_buffer is null)
                return;
            ArrayPool<TRow>.Shared.Return(_buffer, clearArray: true);
            _buffer = null;
        }

        // The chunk behind the last one taken, found without a search while the chunks are where they were. Rows that joined the
        // chunk just taken are behind the walk then, as rows that joined before it are.
        private int Take()
        {
            int chunk = 0, at = 0;
            if (_placed && _layout == _table._layout)
                chunk = _next;
            else if (_hasKey && _table.Locate(_key, out chunk, out at) && !_inclusive)
                at++;
            if (chunk < _table._chunkCount && at == _table._chunks[chunk].Count)
                (chunk, at) = (chunk + 1, 0);
            if (chunk >= _table._chunkCount)
                return 0;

            ref var source = ref _table._chunks[chunk];
            var count = source.Count - at;
            Array.Copy(source.Rows, at, _buffer!, 0, count);
            (_next, _layout, _placed) = (chunk + 1, _table._layout, true);
            (IsWhole, Digest, _version) = (at == 0, at == 0 ? source.Digest : null, source.Version);
            return count;
        }
    }
}
