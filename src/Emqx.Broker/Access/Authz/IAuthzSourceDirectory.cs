using Emqx.Broker.Cluster;

namespace Emqx.Broker.Access.Authz;

/// <summary>How the authorization sources of the cluster do.</summary>
internal interface IAuthzSourceDirectory
{
    /// <summary>The sources of each node, in the order in which they are asked, disabled ones too.</summary>
    ValueTask<IReadOnlyList<NodeTagged<AuthzSourceState>>> ListAsync(CancellationToken cancellation);
}

/// <summary>How a source does on a node.</summary>
/// <param name="Rules">How many rules it has; 0 where they are kept elsewhere.</param>
internal sealed record AuthzSourceState(string Type, bool IsEnabled, EntryMetricsReading Metrics, int Rules);
