using Emqx.Broker.Protocol;

namespace Emqx.Broker.Routing;

/// <summary>One topic filter of one subscriber. Replaced as a whole when its options change.</summary>
internal sealed class Subscription
{
    public Subscription(ISubscriber subscriber, TopicFilter filter, SubscriptionOptions options)
    {
        Subscriber = subscriber;
        Filter = filter;
        Options = options;
    }

    public ISubscriber Subscriber { get; }

    /// <summary>The parsed filter, mountpoint included.</summary>
    public TopicFilter Filter { get; }

    public SubscriptionOptions Options { get; }

    /// <summary>Where the router keeps it in its leaf; the router's own business.</summary>
    internal int Slot = -1;
}
