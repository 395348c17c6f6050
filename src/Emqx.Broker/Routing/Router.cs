using System.Collections.Concurrent;
using Emqx.Broker.Collections;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Routing;

/// <summary>
/// Who gets what: topic filters without wildcards in a dictionary, those with wildcards in a tree, the sorted lists behind
/// /subscriptions and /topics beside them. Matching takes no lock and costs what matches; changes take one lock.
/// </summary>
internal sealed class Router
{
    private const int Stripes = 256;

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, Leaf> _exact = new(concurrencyLevel: 1, capacity: 31, StringComparer.Ordinal);
    private readonly WildcardTree _wildcards = new();
    private readonly ConcurrentDictionary<string, ISubscriber> _exclusive = new(concurrencyLevel: 1, capacity: 31, StringComparer.Ordinal);

    /// <summary>How many subscriptions each subscriber has that is not a session.</summary>
    private readonly ConcurrentDictionary<string, int> _others = new(concurrencyLevel: 1, capacity: 31, StringComparer.Ordinal);

    // A filter without wildcards makes the routes of its own topic stale, and of the few topics that share its stripe.
    private readonly long[] _exactVersions = new long[Stripes];
    private long _wildcardVersion;
    private long _version;
    private int _shared;

    /// <summary>Changes whenever a filter has appeared or vanished.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>All subscriptions in the order of the API.</summary>
    public SortedChunks<Subscription, SubscriptionKey, SubscriptionOrder> Subscriptions { get; } = new();

    /// <summary>The distinct filters in the order of the API, each by one of its subscriptions.</summary>
    public SortedChunks<TopicFilter, TopicKey, TopicOrder> Topics { get; } = new();

    /// <summary>How many subscriptions there are, shared ones among them.</summary>
    public int SubscriptionCount => Subscriptions.Count;

    /// <summary>How many subscriptions are shared.</summary>
    public int SharedCount => Volatile.Read(ref _shared);

    /// <summary>How many distinct filters there are; each share group counts.</summary>
    public int TopicCount => Topics.Count;

    /// <summary>How many subscriptions are not shared (EMQX's subscribers).</summary>
    public int SubscriberCount => SubscriptionCount - SharedCount;

    /// <summary>Finds all filters that select a topic name.</summary>
    public Route Match(string topic)
    {
        var budget = int.MaxValue;
        return Match(topic, ref budget, out _)!;
    }

    /// <summary>Finds all filters that select a topic name, in so many steps; null where these are not enough, and how to go on.</summary>
    public Route? Match(string topic, ref int budget, out RouteSearch? unfinished)
    {
        var stripe = StripeOf(topic);
        var exactVersion = Volatile.Read(ref _exactVersions[stripe]);
        var wildcardVersion = Volatile.Read(ref _wildcardVersion);
        var leaves = new LeafBuffer();
        if (_exact.TryGetValue(topic, out var leaf))
            leaves.Add(leaf);
        var match = new WildcardMatch(_wildcards);
        if (!match.Go(topic, ref leaves, ref budget))
        {
            unfinished = new RouteSearch(this, topic, (stripe, exactVersion, wildcardVersion), match, leaves);
            return null;
        }

        match.Return();
        unfinished = null;
        return new Route(this, leaves.Take(), stripe, exactVersion, wildcardVersion);
    }

    /// <summary>Adds a subscription, or puts it in the place of the one that its client has to the same filter. True where it is new.</summary>
    public bool Add(Subscription subscription)
    {
        lock (_gate)
        {
            if (!Subscriptions.Add(subscription, out var old))
            {
                Replace(old!, subscription);
                return false;
            }

            if (!subscription.Subscriber.IsSession)
                CountOther(subscription.Subscriber.ClientId, 1);
            var filter = subscription.Filter;
            var leaf = Find(filter);
            var isNew = leaf is null;
            leaf ??= new Leaf(filter.Topic);
            Join(leaf, subscription);
            if (isNew)
                Attach(leaf, filter);
            return true;
        }
    }

    /// <summary>Removes this very subscription; one that has taken its place stays. Frees an exclusive topic. False where it was gone.</summary>
    public bool Remove(Subscription subscription)
    {
        lock (_gate)
        {
            if (!Subscriptions.Remove(subscription))
                return false;
            if (!subscription.Subscriber.IsSession)
                CountOther(subscription.Subscriber.ClientId, -1);
            var filter = subscription.Filter;
            if (filter.IsExclusive)
                ReleaseExclusive(filter.Topic, subscription.Subscriber);
            if (Find(filter) is not { } leaf)
                return true;
            Leave(leaf, subscription);
            if (leaf.IsEmpty)
                Detach(leaf, filter);
            return true;
        }
    }

    /// <summary>The share group of a filter, or null.</summary>
    public SharedGroup? FindGroup(TopicFilter filter) => filter.Group is { } name ? Find(filter)?.FindGroup(name) : null;

    /// <summary>Makes a subscriber the only one that may subscribe to a topic by <c>$exclusive/</c>. False where another client is.</summary>
    public bool TryClaimExclusive(string topic, ISubscriber subscriber)
    {
        lock (_gate)
        {
            if (_exclusive.TryGetValue(topic, out var owner) && owner.ClientId != subscriber.ClientId && !owner.HasEnded)
                return false;
            _exclusive[topic] = subscriber;
            return true;
        }
    }

    /// <summary>Gives an exclusive topic free, where the subscriber has it.</summary>
    public void ReleaseExclusive(string topic, ISubscriber subscriber) => _exclusive.TryRemove(KeyValuePair.Create(topic, subscriber));

    /// <summary>Whether a subscriber of this name that is not a session has a subscription.</summary>
    public bool HasOther(string name) => _others.ContainsKey(name);

    internal bool IsCurrent(Route route) =>
        route.WildcardVersion == Volatile.Read(ref _wildcardVersion) && route.ExactVersion == Volatile.Read(ref _exactVersions[route.Stripe]);

    private static int StripeOf(ReadOnlySpan<char> topic) => string.GetHashCode(topic) & (Stripes - 1);

    private Leaf? Find(TopicFilter filter) => filter.IsWildcard ? _wildcards.Find(filter.Topic) : _exact.GetValueOrDefault(filter.Topic);

    private void CountOther(string name, int change)
    {
        var count = _others.GetValueOrDefault(name) + change;
        if (count > 0)
            _others[name] = count;
        else
            _others.TryRemove(name, out _);
    }

    private void Join(Leaf leaf, Subscription subscription)
    {
        var filter = subscription.Filter;
        if (filter.Group is null)
        {
            if (leaf.SubscriberCount == 0)
                Topics.Add(filter, out _);
            leaf.Add(subscription);
            return;
        }

        var group = leaf.GetOrAddGroup(filter.Group);
        if (group.MemberCount == 0)
            Topics.Add(filter, out _);
        group.Add(subscription);
        Volatile.Write(ref _shared, _shared + 1);
    }

    private void Leave(Leaf leaf, Subscription subscription)
    {
        var filter = subscription.Filter;
        if (filter.Group is null)
        {
            leaf.Remove(subscription);
            if (leaf.SubscriberCount == 0)
                ForgetTopic(filter);
            return;
        }

        if (leaf.FindGroup(filter.Group) is not { } group)
            return;
        group.Remove(subscription);
        Volatile.Write(ref _shared, _shared - 1);
        if (group.MemberCount > 0)
            return;
        leaf.RemoveGroup(group);
        ForgetTopic(filter);
    }

    private void ForgetTopic(TopicFilter filter)
    {
        if (Topics.TryFind(TopicKey.Of(filter), out var row))
            Topics.Remove(row);
    }

    private void Replace(Subscription old, Subscription subscription)
    {
        var filter = subscription.Filter;
        if (old.Filter.IsExclusive && !filter.IsExclusive)
            ReleaseExclusive(filter.Topic, old.Subscriber);
        if (Find(filter) is not { } leaf)
            return;
        if (filter.Group is null)
            leaf.Replace(old, subscription);
        else
            leaf.FindGroup(filter.Group)?.Replace(old, subscription);
    }

    private void Attach(Leaf leaf, TopicFilter filter)
    {
        if (filter.IsWildcard)
            _wildcards.Add(leaf);
        else
            _exact[leaf.Topic] = leaf;
        Advance(filter);
    }

    private void Detach(Leaf leaf, TopicFilter filter)
    {
        if (filter.IsWildcard)
            _wildcards.Remove(leaf.Topic);
        else
            _exact.TryRemove(leaf.Topic, out _);
        Advance(filter);
    }

    // After the change: who has read the old version then matches again.
    private void Advance(TopicFilter filter)
    {
        ref var version = ref filter.IsWildcard ? ref _wildcardVersion : ref _exactVersions[StripeOf(filter.Topic)];
        Volatile.Write(ref version, version + 1);
        Volatile.Write(ref _version, _version + 1);
    }
}
