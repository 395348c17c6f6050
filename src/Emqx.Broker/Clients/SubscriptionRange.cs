using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;

namespace Emqx.Broker.Clients;

/// <summary>The parts of the ordered list of subscriptions where a filter may find something.</summary>
/// <param name="Parts">From and to, neither being a row of its own.</param>
/// <param name="IsExact">Everything in there is selected: there is one part, and positions tell the count.</param>
internal readonly record struct SubscriptionRange((SubscriptionKey From, SubscriptionKey To)[] Parts, bool IsExact)
{
    private static readonly SubscriptionKey First = new(false, null, null, null, -1);
    private static readonly SubscriptionKey LastPlain = new(false, null, null, null, 1);
    private static readonly SubscriptionKey FirstShared = new(true, null, null, null, -1);
    private static readonly SubscriptionKey Last = new(true, null, null, null, 1);

    /// <summary>The narrowest parts that the order gives for a filter; it does not order by client ids.</summary>
    public static SubscriptionRange Of(SubscriptionFilter filter)
    {
        var isWhole = filter.Qos is null && filter.ClientId is null;
        if (filter.Topic is not null)
        {
            return filter.ShareGroup is null
                ? One(SubscriptionKey.Plain(filter.Topic, -1), SubscriptionKey.Plain(filter.Topic, 1), isWhole)
                : One(FirstShared, Last, isExact: false);
        }

        if (filter.ShareGroup is not null)
            return One(SubscriptionKey.Shared(filter.ShareGroup, -1), SubscriptionKey.Shared(filter.ShareGroup, 1), isWhole && !filter.IsFuzzy);
        if (!filter.IsFuzzy)
            return One(First, Last, isWhole);
        var prefix = TopicLevels.LiteralPrefix(filter.MatchTopic);
        return prefix.Length == 0
            ? One(First, Last, isExact: false)
            : new([(SubscriptionKey.PlainPrefix(prefix, -1), SubscriptionKey.PlainPrefix(prefix, 1)), (LastPlain, Last)], IsExact: false);
    }

    private static SubscriptionRange One(SubscriptionKey from, SubscriptionKey to, bool isExact) => new([(from, to)], isExact);
}
