using System.Diagnostics.CodeAnalysis;

namespace Emqx.Broker.Storage.InMemory;

/// <summary>Rows by key, in the order in which they were first added. Safe for concurrent use.</summary>
internal sealed class InMemoryTable<TKey, TRow>(Func<TRow, TKey> keyOf) where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly OrderedDictionary<TKey, TRow> _rows = [];

    public IReadOnlyList<TRow> ToList()
    {
        lock (_gate)
            return [.. _rows.Values];
    }

    public void Save(TRow row)
    {
        lock (_gate)
            _rows[keyOf(row)] = row;
    }

    public void Delete(TKey key)
    {
        lock (_gate)
            _rows.Remove(key);
    }

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TRow row)
    {
        lock (_gate)
            return _rows.TryGetValue(key, out row);
    }

    /// <summary>Removes the rows of which the test is true.</summary>
    public void DeleteWhere(Func<TRow, bool> test)
    {
        lock (_gate)
        {
            for (var i = _rows.Count - 1; i >= 0; i--)
            {
                if (test(_rows.GetAt(i).Value))
                    _rows.RemoveAt(i);
            }
        }
    }
}
