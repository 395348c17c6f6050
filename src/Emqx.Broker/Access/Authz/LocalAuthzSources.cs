using Emqx.Broker.Cluster;

namespace Emqx.Broker.Access.Authz;

/// <summary>The authorization sources of a node that is alone.</summary>
internal sealed class LocalAuthzSources(AuthzChain chain, NodeIdentity node) : IAuthzSourceDirectory
{
    public ValueTask<IReadOnlyList<NodeTagged<AuthzSourceState>>> ListAsync(CancellationToken cancellation) =>
        new([.. chain.Read().Select(state => new NodeTagged<AuthzSourceState>(node.Name, state))]);

    public async ValueTask<IReadOnlyList<NodeTagged<AuthzSourceState>>> CheckAsync(string type, CancellationToken cancellation) =>
        await chain.CheckAsync(type, cancellation).ConfigureAwait(false) is { } state ? [new(node.Name, state)] : [];
}
