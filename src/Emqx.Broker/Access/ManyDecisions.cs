namespace Emqx.Broker.Access;

/// <summary>Authorization decisions with an index, in the order in which they were added. What is removed is told by its topic.</summary>
internal sealed class ManyDecisions
{
    private readonly LinkedList<AuthorizationCacheEntry> _order = new();
    private readonly Dictionary<AuthorizationAccess, LinkedListNode<AuthorizationCacheEntry>> _index = [];

    public int Count => _index.Count;

    /// <summary>There is one.</summary>
    public AuthorizationCacheEntry Oldest => _order.First!.Value;

    public bool TryGet(in AuthorizationAccess access, out AuthorizationCacheEntry entry)
    {
        var isKnown = _index.TryGetValue(access, out var node);
        entry = isKnown ? node!.Value : default;
        return isKnown;
    }

    /// <summary>Adds one on an access that is not there.</summary>
    public void Add(in AuthorizationCacheEntry entry) => _index.Add(entry.Access, _order.AddLast(entry));

    public string? Remove(in AuthorizationAccess access)
    {
        if (!_index.Remove(access, out var node))
            return null;
        _order.Remove(node);
        return access.Topic;
    }

    public string RemoveOldest()
    {
        var oldest = _order.First!;
        _order.RemoveFirst();
        _index.Remove(oldest.Value.Access);
        return oldest.Value.Access.Topic;
    }

    public AuthorizationCacheEntry[] ToArray() => [.. _order];
}
