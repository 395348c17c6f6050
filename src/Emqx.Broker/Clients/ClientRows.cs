using SortedRows = Emqx.Broker.Collections.SortedChunks<Emqx.Broker.Clients.IClientView, string, Emqx.Broker.Clients.ClientOrder>;

namespace Emqx.Broker.Clients;

/// <summary>The clients that share something, in order: none, a single one (most user names have one client), or a sorted list.</summary>
internal readonly struct ClientRows(object? rows)
{
    public int Count => rows switch { null => 0, SortedRows list => list.Count, _ => 1 };

    /// <summary>The sorted list, where there is one.</summary>
    public SortedRows? List => rows as SortedRows;

    /// <summary>Copies rows from a position on; gives their number.</summary>
    public int Read(long position, Span<IClientView> into)
    {
        if (rows is SortedRows list)
            return list.Read(position, into);
        if (rows is not IClientView single || position > 0)
            return 0;
        into[0] = single;
        return 1;
    }

    /// <summary>Copies the rows behind a client id, or from the first on where it is null; gives their number.</summary>
    public int ReadAfter(string? key, Span<IClientView> into)
    {
        if (rows is SortedRows list)
            return key is null ? list.Read(0, into) : list.ReadFrom(key, inclusive: false, into);
        if (rows is not IClientView single || (key is not null && ClientOrder.Compare(key, single) >= 0))
            return 0;
        into[0] = single;
        return 1;
    }
}

/// <summary>An index: for each key its clients. Costs a client with a key of its own one entry, any other a reference. Not thread-safe.</summary>
internal sealed class ClientBuckets<TKey> where TKey : notnull
{
    private readonly Dictionary<TKey, object> _buckets = [];

    public ClientRows Find(TKey key) => new(_buckets.GetValueOrDefault(key));

    public void Add(TKey key, IClientView row)
    {
        ref var bucket = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_buckets, key, out _);
        switch (bucket)
        {
            case SortedRows list:
                list.Add(row, out _);
                break;
            case IClientView single when single.ClientId != row.ClientId:
                var both = new SortedRows();
                both.Add(single, out _);
                both.Add(row, out _);
                bucket = both;
                break;
            default:
                bucket = row;
                break;
        }
    }

    public void Remove(TKey key, IClientView row)
    {
        if (!_buckets.TryGetValue(key, out var bucket))
            return;
        if (ReferenceEquals(bucket, row) || (bucket is SortedRows list && list.Remove(row) && list.Count == 0))
            _buckets.Remove(key);
    }
}
