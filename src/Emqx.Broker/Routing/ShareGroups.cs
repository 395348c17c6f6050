using Emqx.Broker.Collections;

namespace Emqx.Broker.Routing;

/// <summary>
/// The share groups of one filter. A few are an array that is replaced with each change; many have an index by name and free places, so
/// that one more costs the same however many there are. Changed under the router's lock only, read without one.
/// </summary>
internal sealed class ShareGroups
{
    private const int Few = 8;

    private SharedGroup?[] _slots = [];
    private SpanMap<SharedGroup>? _index;
    private int _end;

    /// <summary>The groups as they are now, in the order in which they came. Places may be null where there are many.</summary>
    public ReadOnlySpan<SharedGroup?> All => Volatile.Read(ref _slots);

    public int Count { get; private set; }

    /// <summary>The same, to be gone through over some time.</summary>
    public ReadOnlyMemory<SharedGroup?> Snapshot() => Volatile.Read(ref _slots);

    /// <summary>The group of this name, or null.</summary>
    public SharedGroup? Find(string name)
    {
        if (Volatile.Read(ref _index) is { } index)
            return index.TryGet(name, out var found) ? found : null;
        foreach (var group in All)
        {
            if (group?.Name == name)
                return group;
        }

        return null;
    }

    /// <summary>Adds one whose name is not there yet.</summary>
    public void Add(SharedGroup group)
    {
        if (_end == _slots.Length)
            Rebuild(Count < Few ? Count + 1 : Count + Count / 2);
        group.Slot = _end;
        Volatile.Write(ref _slots[_end++], group);
        Count++;
        if (_index is not null)
            _index.Add(group.Name, group);
        else if (Count > Few)
            BuildIndex();
    }

    public void Remove(SharedGroup group)
    {
        Count--;
        if (Count <= Few)
        {
            Rebuild(Count, without: group);
            Volatile.Write(ref _index, null);
            return;
        }

        Volatile.Write(ref _slots[group.Slot], null);
        _index!.Remove(group.Name);
        if (Count < _slots.Length / 4)
            Rebuild(Count + Count / 2);
    }

    private void BuildIndex()
    {
        var index = new SpanMap<SharedGroup>();
        foreach (var group in _slots)
        {
            if (group is not null)
                index.Add(group.Name, group);
        }

        Volatile.Write(ref _index, index);
    }

    private void Rebuild(int capacity, SharedGroup? without = null)
    {
        var slots = new SharedGroup?[capacity];
        var end = 0;
        for (var i = 0; i < _end; i++)
        {
            if (_slots[i] is not { } group || group == without)
                continue;
            group.Slot = end;
            slots[end++] = group;
        }

        _end = end;
        Volatile.Write(ref _slots, slots);
    }
}
