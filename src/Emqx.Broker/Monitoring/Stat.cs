using Emqx.Broker.Metrics;

namespace Emqx.Broker.Monitoring;

/// <summary>One of the node's statistics: the name that stands before <c>.count</c> and <c>.max</c>, and the gauge that it shows.</summary>
internal sealed record Stat(string Name, Func<NodeGauges, long> Read)
{
    /// <summary>All of them, in the order in which the API shows them. EMQX counts one and the same thing under several names.</summary>
    public static readonly Stat[] All =
    [
        new("channels", static gauges => gauges.Sessions),
        new("cluster_sessions", static gauges => gauges.Sessions),
        new("connections", static gauges => gauges.Sessions),
        new("delayed", static gauges => gauges.Delayed),
        new("live_connections", static gauges => gauges.LiveConnections),
        new("retained", static gauges => gauges.Retained),
        new("sessions", static gauges => gauges.Sessions),
        new("suboptions", static gauges => gauges.Subscriptions),
        new("subscribers", static gauges => gauges.Subscriptions),
        new("subscriptions", static gauges => gauges.Subscriptions),
        new("subscriptions.shared", static gauges => gauges.SharedSubscriptions),
        new("topics", static gauges => gauges.Topics),
    ];
}
