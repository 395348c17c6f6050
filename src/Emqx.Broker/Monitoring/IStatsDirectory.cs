using Emqx.Broker.Cluster;

namespace Emqx.Broker.Monitoring;

/// <summary>Statistics of each node that runs.</summary>
internal interface IStatsDirectory
{
    ValueTask<IReadOnlyList<NodeTagged<StatsSnapshot>>> ListAsync(CancellationToken cancellation);

    /// <summary>Null where there is no such node. Throws <see cref="NodeUnreachableException"/> where it does not answer.</summary>
    ValueTask<StatsSnapshot?> FindAsync(string node, CancellationToken cancellation);
}
