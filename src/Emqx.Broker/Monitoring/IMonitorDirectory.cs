using Emqx.Broker.Cluster;
using Emqx.Broker.Metrics;

namespace Emqx.Broker.Monitoring;

/// <summary>The sampled history of the cluster or of one node, and its rates at this moment.</summary>
internal interface IMonitorDirectory
{
    /// <summary>
    /// Samples, oldest first. <paramref name="node"/> null: all nodes as one. <paramref name="latest"/>: seconds to look
    /// back, null: as far as there are any. Null where there is no such node; throws
    /// <see cref="NodeUnreachableException"/> where one does not answer.
    /// </summary>
    ValueTask<IReadOnlyList<MonitorPoint>?> ListAsync(string? node, long? latest, CancellationToken cancellation);

    /// <summary>Rates and gauges now, of a node or (null) of all as one. Null where there is no such node.</summary>
    ValueTask<MonitorRates?> CurrentAsync(string? node, CancellationToken cancellation);

    /// <summary>Forgets all samples of all nodes.</summary>
    ValueTask ClearAsync(CancellationToken cancellation);
}

/// <summary>Messages a second since the last sample, whole numbers, and the gauges.</summary>
internal sealed record MonitorRates(NodeGauges Gauges, long Received, long Sent, long Dropped, long Persisted, long ValidationSucceeded,
    long ValidationFailed, long TransformationSucceeded, long TransformationFailed, long Uptime)
{
    /// <summary>Of several nodes as one: sums, but for what is the same on each node of a cluster.</summary>
    public static MonitorRates Merge(IReadOnlyList<MonitorRates> nodes)
    {
        var sum = nodes[0];
        for (var i = 1; i < nodes.Count; i++)
        {
            var one = nodes[i];
            var gauges = sum.Gauges;
            gauges.Sessions += one.Gauges.Sessions;
            gauges.LiveConnections += one.Gauges.LiveConnections;
            gauges.Subscriptions += one.Gauges.Subscriptions;
            gauges.Topics = Math.Max(gauges.Topics, one.Gauges.Topics);
            sum = new MonitorRates(gauges, sum.Received + one.Received, sum.Sent + one.Sent, sum.Dropped + one.Dropped,
                sum.Persisted + one.Persisted, sum.ValidationSucceeded + one.ValidationSucceeded, sum.ValidationFailed + one.ValidationFailed,
                sum.TransformationSucceeded + one.TransformationSucceeded, sum.TransformationFailed + one.TransformationFailed, sum.Uptime);
        }

        return sum;
    }
}
