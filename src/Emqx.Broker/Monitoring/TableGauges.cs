using Emqx.Broker.Clients;
using Emqx.Broker.Hooks;
using Emqx.Broker.Metrics;
using Emqx.Broker.Routing;

namespace Emqx.Broker.Monitoring;

/// <summary>Sizes of the core's tables.</summary>
internal sealed class TableGauges(Router router, ClientTable clients) : INodeModule
{
    public void ReadGauges(ref NodeGauges gauges)
    {
        var (sessions, live) = clients.Counts;
        gauges.Sessions = sessions;
        gauges.LiveConnections = live;
        gauges.Subscriptions = router.SubscriptionCount;
        gauges.SharedSubscriptions = router.SharedCount;
        gauges.Topics = router.TopicCount;
    }
}
