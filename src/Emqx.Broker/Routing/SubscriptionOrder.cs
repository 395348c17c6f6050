using Emqx.Broker.Collections;

namespace Emqx.Broker.Routing;

/// <summary>
/// Where a subscription stands in the list of all. A null part, and what follows it, stands for every one: with
/// <paramref name="Edge"/> -1 the key is before them, with 1 behind.
/// </summary>
/// <param name="IsPrefix"><paramref name="Topic"/> stands for all filters that begin with it.</param>
internal readonly record struct SubscriptionKey(bool IsShared, string? Group, string? Topic, string? ClientId, sbyte Edge, bool IsPrefix = false)
{
    /// <summary>The key of one subscription.</summary>
    public static SubscriptionKey Of(Subscription row) =>
        new(row.Filter.Group is not null, row.Filter.Group, row.Filter.Topic, row.Subscriber.ClientId, 0);

    /// <summary>Before or behind the subscriptions to one plain filter.</summary>
    public static SubscriptionKey Plain(string topic, sbyte edge) => new(false, null, topic, null, edge);

    /// <summary>Before or behind the subscriptions to plain filters that begin like this.</summary>
    public static SubscriptionKey PlainPrefix(string prefix, sbyte edge) => new(false, null, prefix, null, edge, IsPrefix: true);

    /// <summary>Before or behind the subscriptions of one share group.</summary>
    public static SubscriptionKey Shared(string group, sbyte edge) => new(true, group, null, null, edge);
}

/// <summary>EMQX's order of subscriptions: plain ones before shared ones, filters descending by their bytes; then by client id, descending.</summary>
internal readonly struct SubscriptionOrder : IRowOrder<Subscription, SubscriptionKey>
{
    public static SubscriptionKey KeyOf(Subscription row) => SubscriptionKey.Of(row);

    public static int Compare(in SubscriptionKey key, Subscription row)
    {
        var filter = row.Filter;
        if (key.IsShared != filter.Group is not null)
            return key.IsShared ? 1 : -1;
        if (filter.Group is not null)
        {
            if (key.Group is null)
                return key.Edge;
            var group = Utf8Order.Compare(filter.Group, key.Group);
            if (group != 0)
                return group;
        }

        if (key.Topic is null || (key.IsPrefix && filter.Topic.StartsWith(key.Topic, StringComparison.Ordinal)))
            return key.Edge;
        var topic = Utf8Order.Compare(filter.Topic, key.Topic);
        if (topic != 0)
            return topic;
        return key.ClientId is null ? key.Edge : Utf8Order.Compare(row.Subscriber.ClientId, key.ClientId);
    }
}
