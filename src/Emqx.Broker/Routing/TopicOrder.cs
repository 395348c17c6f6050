using Emqx.Broker.Collections;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Routing;

/// <summary>Where a distinct filter stands in the list of topics.</summary>
internal readonly record struct TopicKey(string? Group, string Topic)
{
    public static TopicKey Of(TopicFilter filter) => new(filter.Group, filter.Topic);
}

/// <summary>The order of /topics, the same as that of /subscriptions.</summary>
internal readonly struct TopicOrder : IRowOrder<TopicFilter, TopicKey>
{
    public static TopicKey KeyOf(TopicFilter row) => TopicKey.Of(row);

    public static int Compare(in TopicKey key, TopicFilter row)
    {
        if (key.Group is null != row.Group is null)
            return key.Group is null ? -1 : 1;
        if (key.Group is not null && Utf8Order.Compare(row.Group!, key.Group) is var group and not 0)
            return group;
        return Utf8Order.Compare(row.Topic, key.Topic);
    }
}
