using Emqx.Broker.Clients;
using Emqx.Broker.Modules.Delayed;
using Emqx.Broker.Modules.Retainer;
using Emqx.Broker.Routing;

namespace Emqx.Broker.Monitoring;

/// <summary>Sizes of the broker's tables.</summary>
internal sealed class TableGauges(Router router, ClientTable clients, RetainedStore retained, DelayedMessages delayed) : IGaugeSource
{
    public void Read(ref NodeGauges gauges)
    {
        var (sessions, live) = clients.Counts;
        gauges.Sessions = sessions;
        gauges.LiveConnections = live;
        gauges.Subscriptions = router.SubscriptionCount;
        gauges.SharedSubscriptions = router.SharedCount;
        gauges.Topics = router.TopicCount;
        gauges.Retained = retained.Count;
        gauges.Delayed = delayed.Count;
    }
}
