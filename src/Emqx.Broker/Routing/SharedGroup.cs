using Emqx.Broker.Protocol;
using Emqx.Broker.Settings;

namespace Emqx.Broker.Routing;

/// <summary>
/// A share group of one filter: each message goes to one of its members, whether or not that one is connected. Changed under
/// the router's lock only, picked from without one.
/// </summary>
internal sealed class SharedGroup(string name, string topic)
{
    private const int ShrinkAbove = 8;

    private Subscription?[] _members = [];
    private int _count;
    private uint _turn;
    private ulong _draws = (ulong)System.Security.Cryptography.RandomNumberGenerator.GetInt32(int.MaxValue) << 20;

    /// <summary>The group's name; <c>$queue</c> for <c>$queue/…</c>.</summary>
    public string Name { get; } = name;

    /// <summary>The filter, without the group.</summary>
    public string Topic { get; } = topic;

    /// <summary>Where its leaf keeps it; the leaf's own business.</summary>
    internal int Slot = -1;

    /// <summary>How many members there are, connected or not.</summary>
    public int MemberCount => Volatile.Read(ref _count);

    /// <summary>
    /// Chooses the member that gets a message; null where the group has just lost its last one.
    /// <paramref name="publisher"/> keeps the publisher's turns and choices, and is null for those that publish once only.
    /// </summary>
    public Subscription? Pick(Message message, SharedPickState? publisher, SharedStrategy strategy, SharedStrategy initialStickyPick)
    {
        var count = Volatile.Read(ref _count);
        if (count == 0)
            return null;
        if (count == 1)
            return MemberAt(0);
        return strategy switch
        {
            SharedStrategy.RoundRobin => MemberAt(publisher?.NextTurn(this, count) ?? Draw(count)),
            SharedStrategy.Sticky => Stick(message, publisher, initialStickyPick, count),
            _ => MemberAt(Choose(message, strategy, count)),
        };
    }

    /// <summary>A member at random: 0 up to <paramref name="count"/>.</summary>
    internal int Draw(int count)
    {
        // SplitMix64 over a counter: even, without locks, and no generator to share between threads.
        var x = Interlocked.Increment(ref _draws) * 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return (int)Math.BigMul(x ^ (x >> 31), (ulong)count, out _);
    }

    /// <summary>The subscription itself, or what has taken its place; null where it is no member any more.</summary>
    internal Subscription? Present(Subscription subscription)
    {
        var members = Volatile.Read(ref _members);
        var slot = Volatile.Read(ref subscription.Slot);
        var member = (uint)slot < (uint)members.Length ? Volatile.Read(ref members[slot]) : null;
        return member is not null && ReferenceEquals(member.Subscriber, subscription.Subscriber) && !member.Subscriber.HasEnded ? member : null;
    }

    internal void Add(Subscription subscription)
    {
        if (_count == _members.Length)
            Resize(_count + Math.Max(1, _count / 2));
        subscription.Slot = _count;
        Volatile.Write(ref _members[_count], subscription);
        Volatile.Write(ref _count, _count + 1);
    }

    internal void Replace(Subscription old, Subscription subscription)
    {
        subscription.Slot = old.Slot;
        Volatile.Write(ref _members[old.Slot], subscription);
    }

    internal void Remove(Subscription subscription)
    {
        var last = _count - 1;
        var slot = subscription.Slot;
        if (slot != last && _members[last] is { } moved)
        {
            moved.Slot = slot;
            Volatile.Write(ref _members[slot], moved);
        }

        Volatile.Write(ref _count, last);
        Volatile.Write(ref _members[last], null);
        if (_members.Length > ShrinkAbove && last < _members.Length / 4)
            Resize(last * 2);
    }

    private Subscription? Stick(Message message, SharedPickState? publisher, SharedStrategy initialPick, int count)
    {
        if (publisher is null)
            return MemberAt(Choose(message, initialPick, count));
        if (publisher.Sticky(this) is { } kept)
            return kept;
        var member = MemberAt(Choose(message, initialPick, count));
        if (member is not null)
            publisher.Stick(this, member);
        return member;
    }

    private int Choose(Message message, SharedStrategy strategy, int count) => strategy switch
    {
        SharedStrategy.RoundRobinPerGroup => (int)((Interlocked.Increment(ref _turn) - 1) % (uint)count),
        SharedStrategy.HashClientId => (int)((uint)message.From.GetHashCode(StringComparison.Ordinal) % (uint)count),
        SharedStrategy.HashTopic => (int)((uint)message.Topic.GetHashCode(StringComparison.Ordinal) % (uint)count),
        _ => Draw(count),
    };

    // Members may leave while one is chosen: then the next one that is there.
    private Subscription? MemberAt(int index)
    {
        var members = Volatile.Read(ref _members);
        for (var i = 0; i < members.Length; i++, index++)
        {
            if (index >= members.Length)
                index %= members.Length;
            if (Volatile.Read(ref members[index]) is { Subscriber.HasEnded: false } member)
                return member;
        }

        return null;
    }

    private void Resize(int capacity)
    {
        var members = new Subscription?[capacity];
        Array.Copy(_members, members, _count);
        Volatile.Write(ref _members, members);
    }
}
