using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;

namespace Emqx.Broker.Clients;

/// <summary>The parts of the ordered list of subscriptions where a filter may find something.</summary>
/// <param name="Parts">From and to, neither being a row of its own.</param>
/// <param name="IsExact">Everything in there is selected: there is one part, and positions tell the count.</param>
internal readonly record struct SubscriptionRange((SubscriptionKey From, SubscriptionKey To)[] Parts, bool IsExact)
{
    private static readonly SubscriptionKey s_first = new(false, null, null, null, -1);
    private static readonly SubscriptionKey s_lastPlain = new(false, null, null, null, 1);
    private static readonly SubscriptionKey s_firstShared = new(true, null, null, null, -1);
    private static readonly SubscriptionKey s_last = new(true, null, null, null, 1);

    /// <summary>The narrowest parts that the order gives for a filter; it does not order by client ids.</summary>
    public static SubscriptionRange Of(SubscriptionFilter filter)
    {
        var isWhole = filter.Qos is null && filter.ClientId is null;
        if (filter.Topic is not null)
        {
            return filter.ShareGroup is null
                ? One(SubscriptionKey.Plain(filter.Topic, -1), SubscriptionKey.Plain(filter.Topic, 1), isWhole)
                : One(s_firstShared, s_last, isExact: false);
        }

        if (filter.ShareGroup is not null)
            return One(SubscriptionKey.Shared(filter.ShareGroup, -1), SubscriptionKey.Shared(filter.ShareGroup, 1), isWhole && !filter.IsFuzzy);
        if (!filter.IsFuzzy)
            return One(s_first, s_last, isWhole);
        var prefix = TopicLevels.LiteralPrefix(filter.MatchTopic);
        return prefix.Length == 0
            ? One(s_first, s_last, isExact: false)
            : new([(SubscriptionKey.PlainPrefix(prefix, -1), SubscriptionKey.PlainPrefix(prefix, 1)), (s_lastPlain, s_last)], IsExact: false);
    }

    private static SubscriptionRange One(SubscriptionKey from, SubscriptionKey to, bool isExact) => new([(from, to)], isExact);
}
