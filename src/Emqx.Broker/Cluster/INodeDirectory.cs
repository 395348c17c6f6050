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
