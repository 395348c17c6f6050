using System.Runtime.InteropServices;

namespace Emqx.Broker.Routing;

/// <summary>What one publisher remembers of the share groups that it publishes to: its turns and its sticky members. Used by one thread at a time.</summary>
internal sealed class SharedPickState
{
    private readonly Dictionary<SharedGroup, Memory> _groups = [];
    private int _pruneAt = 64;

    /// <summary>Beyond it the memory begins anew: it is one publisher's, and groups are many clients'.</summary>
    private const int Most = 4096;

    private struct Memory
    {
        public int Turn;
        public Subscription? Sticky;
    }

    /// <summary>How many groups are remembered.</summary>
    internal int Count => _groups.Count;

    /// <summary>The next place in this publisher's turn through the group; the first one is drawn.</summary>
    internal int NextTurn(SharedGroup group, int count)
    {
        ref var memory = ref Remember(group, out var known);
        memory.Turn = known ? (memory.Turn + 1) % count : group.Draw(count);
        return memory.Turn;
    }

    /// <summary>The member that this publisher keeps to, while that is in the group; else null.</summary>
    internal Subscription? Sticky(SharedGroup group) =>
        _groups.TryGetValue(group, out var memory) && memory.Sticky is { } member ? group.Present(member) : null;

    internal void Stick(SharedGroup group, Subscription member) => Remember(group, out _).Sticky = member;

    private ref Memory Remember(SharedGroup group, out bool known)
    {
        if (_groups.Count >= _pruneAt)
            Prune();
        return ref CollectionsMarshal.GetValueRefOrAddDefault(_groups, group, out known);
    }

    private void Prune()
    {
        foreach (var group in _groups.Keys)
            if (group.MemberCount == 0)
                _groups.Remove(group);
        if (_groups.Count >= Most)
            _groups.Clear();
        _pruneAt = Math.Clamp(_groups.Count * 2, 64, Most);
    }
}
