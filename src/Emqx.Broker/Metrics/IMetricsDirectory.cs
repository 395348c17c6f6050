using Emqx.Broker.Cluster;

namespace Emqx.Broker.Metrics;

/// <summary>Counters of each node that runs.</summary>
internal interface IMetricsDirectory
{
    ValueTask<IReadOnlyList<NodeTagged<MetricsSnapshot>>> ListAsync(CancellationToken cancellation);

    /// <summary>Null where there is no such node. Throws <see cref="NodeUnreachableException"/> where it does not answer.</summary>
    ValueTask<MetricsSnapshot?> FindAsync(string node, CancellationToken cancellation);
}
