using Emqx.Broker.Protocol;
using Emqx.Broker.Sessions;

namespace Emqx.Broker.Routing;

/// <summary>One topic filter of one session. Replaced as a whole when its options change.</summary>
internal sealed class Subscription
{
    public Subscription(Session session, TopicFilter filter, SubscriptionOptions options)
    {
        Session = session;
        Filter = filter;
        Options = options;
    }

    public Session Session { get; }

    /// <summary>The parsed filter, mountpoint included.</summary>
    public TopicFilter Filter { get; }

    public SubscriptionOptions Options { get; }

    /// <summary>Where the router keeps it in its leaf; the router's own business.</summary>
    internal int Slot = -1;
}
