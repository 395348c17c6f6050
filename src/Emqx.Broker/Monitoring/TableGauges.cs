using Emqx.Broker.Clients;
using Emqx.Broker.Routing;

namespace Emqx.Broker.Monitoring;

/// <summary>Sizes of the tables of clients and of subscriptions.</summary>
internal sealed class TableGauges(Router router, ClientTable clients) : IGaugeSource
{
    public void Read(ref NodeGauges gauges)
    {
        var (sessions, live) = clients.Counts;
        gauges.Sessions = sessions;
        gauges.LiveConnections = live;
        gauges.Subscriptions = router.SubscriptionCount;
        gauges.SharedSubscriptions = router.SharedCount;
        gauges.Topics = router.TopicCount;
    }
}
