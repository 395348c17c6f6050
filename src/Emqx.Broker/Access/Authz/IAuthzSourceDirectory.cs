using Emqx.Broker.Cluster;

namespace Emqx.Broker.Access.Authz;

/// <summary>How the authorization sources of the cluster do.</summary>
internal interface IAuthzSourceDirectory
{
    /// <summary>The sources of each node, in the order in which they are asked, disabled ones too.</summary>
    ValueTask<IReadOnlyList<NodeTagged<AuthzSourceState>>> ListAsync(CancellationToken cancellation);

    /// <summary>The sources of a type, one a node; what they ask is looked at.</summary>
    ValueTask<IReadOnlyList<NodeTagged<AuthzSourceState>>> CheckAsync(string type, CancellationToken cancellation);
}

/// <summary>How a source does on a node.</summary>
/// <param name="Rules">How many rules it has; 0 where they are kept elsewhere.</param>
/// <param name="Backend">How it stands with what it asks.</param>
internal sealed record AuthzSourceState(string Type, bool IsEnabled, EntryMetricsReading Metrics, int Rules, BackendReading Backend);
