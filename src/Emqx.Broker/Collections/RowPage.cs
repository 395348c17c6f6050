using System.Buffers;

namespace Emqx.Broker.Collections;

/// <summary>Some rows of a list, in a pooled array: dispose it once they are written.</summary>
internal sealed class RowPage<TRow> : IDisposable where TRow : struct
{
    private TRow[] _rows;

    public RowPage(int capacity) => _rows = ArrayPool<TRow>.Shared.Rent(capacity);

    private RowPage() => _rows = [];

    /// <summary>A page that a node did not give.</summary>
    public static RowPage<TRow> Unreachable(string node, string reason) => new() { UnreachableNode = node, UnreachableReason = reason };

    public ReadOnlySpan<TRow> Rows => _rows.AsSpan(0, Count);

    public TRow this[int index] => _rows[index];

    public int Count { get; private set; }

    /// <summary>All that the filter selects; null where nobody counted.</summary>
    public long? Total { get; set; }

    /// <summary>Whether something follows. Never a guess.</summary>
    public bool HasNext { get; set; }

    /// <summary>The node that could not be asked, or null.</summary>
    public string? UnreachableNode { get; private init; }

    /// <summary>Why it could not be asked.</summary>
    public string? UnreachableReason { get; private init; }

    public void Add(TRow row) => _rows[Count++] = row;

    public void Dispose()
    {
        var rows = _rows;
        _rows = [];
        if (rows.Length == 0)
            return;
        Array.Clear(rows, 0, Count); // what rows point to must not live on in the pool
        Count = 0;
        ArrayPool<TRow>.Shared.Return(rows);
    }
}
