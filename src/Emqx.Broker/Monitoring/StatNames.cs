using Emqx.Broker.Metrics;

namespace Emqx.Broker.Monitoring;

/// <summary>EMQX's names of the statistics, each with a <c>.count</c> and a <c>.max</c>.</summary>
internal static class StatNames
{
    public static readonly string[] All =
    [
        "channels", "cluster_sessions", "connections", "delayed", "live_connections", "retained", "sessions", "suboptions", "subscribers",
        "subscriptions", "subscriptions.shared", "topics",
    ];

    /// <summary>The gauges in the order of <see cref="All"/>. EMQX counts one and the same thing under several names.</summary>
    public static void Spread(in NodeGauges gauges, Span<long> counts)
    {
        counts[0] = counts[1] = counts[2] = counts[6] = gauges.Sessions;
        counts[3] = gauges.Delayed;
        counts[4] = gauges.LiveConnections;
        counts[5] = gauges.Retained;
        counts[7] = counts[8] = counts[9] = gauges.Subscriptions;
        counts[10] = gauges.SharedSubscriptions;
        counts[11] = gauges.Topics;
    }
}
