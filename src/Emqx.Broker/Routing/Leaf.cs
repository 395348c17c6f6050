namespace Emqx.Broker.Routing;

/// <summary>
/// Everybody who subscribed to one topic filter: plain subscribers and share groups. Changed under the router's lock only, read
/// without one.
/// </summary>
internal sealed class Leaf(string topic)
{
    private const int CompactAbove = 8;

    // Free places are null. The array is replaced when it is full or nearly empty, never reordered in place: who reads it sees
    // every subscriber that stays, once.
    private Subscription?[] _slots = [];
    private ShareGroups? _groups;
    private int _end;
    private int _live;

    /// <summary>The filter, without share group.</summary>
    public string Topic { get; } = topic;

    /// <summary>The plain subscribers as they are now, in order of subscription. Places may be null: pass them over.</summary>
    public ReadOnlySpan<Subscription?> Subscribers => Volatile.Read(ref _slots);

    /// <summary>The share groups; each gets its own copy of a message. Places may be null: pass them over.</summary>
    public ReadOnlySpan<SharedGroup?> Groups => Volatile.Read(ref _groups) is { } groups ? groups.All : [];

    /// <summary>Both as they are now, to be gone through over some time.</summary>
    public (ReadOnlyMemory<Subscription?> Subscribers, ReadOnlyMemory<SharedGroup?> Groups) Snapshot() =>
        (Volatile.Read(ref _slots), Volatile.Read(ref _groups)?.Snapshot() ?? default);

    /// <summary>How many plain subscribers there are.</summary>
    public int SubscriberCount => Volatile.Read(ref _live);

    /// <summary>Whether nobody is left.</summary>
    public bool IsEmpty => _live == 0 && (_groups is null || _groups.Count == 0);

    /// <summary>Adds a plain subscriber.</summary>
    internal void Add(Subscription subscription)
    {
        if (_end == _slots.Length)
            Rebuild(_live + Math.Max(1, _live / 2));
        subscription.Slot = _end;
        Volatile.Write(ref _slots[_end++], subscription);
        Volatile.Write(ref _live, _live + 1);
    }

    /// <summary>Puts a plain subscriber in the place of another.</summary>
    internal void Replace(Subscription old, Subscription subscription)
    {
        subscription.Slot = old.Slot;
        Volatile.Write(ref _slots[old.Slot], subscription);
    }

    /// <summary>Removes a plain subscriber.</summary>
    internal void Remove(Subscription subscription)
    {
        Volatile.Write(ref _slots[subscription.Slot], null);
        Volatile.Write(ref _live, _live - 1);
        if (_slots.Length > CompactAbove && _live < _slots.Length / 4)
            Rebuild(_live + _live / 2 + 1);
    }

    /// <summary>The share group of this name; made where there is none.</summary>
    internal SharedGroup GetOrAddGroup(string name)
    {
        if (FindGroup(name) is { } known)
            return known;
        var group = new SharedGroup(name, Topic);
        var groups = _groups ?? new ShareGroups();
        groups.Add(group);
        Volatile.Write(ref _groups, groups);
        return group;
    }

    /// <summary>The share group of this name, or null.</summary>
    internal SharedGroup? FindGroup(string name) => Volatile.Read(ref _groups)?.Find(name);

    /// <summary>Takes out a share group that has lost its last member.</summary>
    internal void RemoveGroup(SharedGroup group) => _groups!.Remove(group);

    private void Rebuild(int capacity)
    {
        var slots = new Subscription?[capacity];
        var end = 0;
        for (var i = 0; i < _end; i++)
        {
            if (_slots[i] is not { } subscription)
                continue;
            subscription.Slot = end;
            slots[end++] = subscription;
        }

        _end = end;
        Volatile.Write(ref _slots, slots);
    }
}
