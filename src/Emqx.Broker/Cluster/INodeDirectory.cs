using Emqx.Broker.Metrics;
using Emqx.Broker.Monitoring;

namespace Emqx.Broker.Cluster;

/// <summary>The nodes of the cluster. A single node is a cluster of one.</summary>
internal interface INodeDirectory
{
    /// <summary>Name of the node that answers.</summary>
    string Self { get; }

    /// <summary>All nodes, stopped ones too, by name.</summary>
    ValueTask<IReadOnlyList<NodeFacts>> ListAsync(CancellationToken cancellation);

    /// <summary>One node, or null where the cluster has no such node.</summary>
    ValueTask<NodeFacts?> FindAsync(string node, CancellationToken cancellation);
}

/// <summary>Statistics of each node that runs.</summary>
internal interface IStatsDirectory
{
    ValueTask<IReadOnlyList<NodeTagged<StatsSnapshot>>> ListAsync(CancellationToken cancellation);

    /// <summary>Null where there is no such node. Throws <see cref="NodeUnreachableException"/> where it does not answer.</summary>
    ValueTask<StatsSnapshot?> FindAsync(string node, CancellationToken cancellation);
}

/// <summary>Counters of each node that runs.</summary>
internal interface IMetricsDirectory
{
    ValueTask<IReadOnlyList<NodeTagged<MetricsSnapshot>>> ListAsync(CancellationToken cancellation);

    /// <summary>Null where there is no such node. Throws <see cref="NodeUnreachableException"/> where it does not answer.</summary>
    ValueTask<MetricsSnapshot?> FindAsync(string node, CancellationToken cancellation);
}
