using Emqx.Broker.Access.Authz;
using Emqx.Broker.Cluster;
using Emqx.Broker.Modules.Bans;
using Emqx.Broker.Settings.Layers;

namespace Emqx.Broker.Modules.Prometheus;

/// <summary>What the metrics tell of the cluster: its nodes, bans and access control, and how often its configuration has changed since the start.</summary>
internal sealed class ClusterCount
{
    private readonly INodeDirectory _nodes;
    private readonly IBanDirectory _bans;
    private readonly AuthzChain _authz;
    private readonly AuthenticatorCount _authn;
    private long _changes;

    public ClusterCount(INodeDirectory nodes, IBanDirectory bans, AuthenticatorCount authn, AuthzChain authz, RunningConfiguration running)
    {
        (_nodes, _bans, _authn, _authz) = (nodes, bans, authn, authz);
        running.Follow([.. running.Catalogue.Roots.Select(static root => root.Name)], () => Interlocked.Increment(ref _changes));
    }

    /// <summary>The name of this node.</summary>
    public string Self => _nodes.Self;

    /// <summary>How it is now.</summary>
    public async ValueTask<ClusterReading> ReadAsync(CancellationToken cancellation)
    {
        var nodes = await _nodes.ListAsync(cancellation).ConfigureAwait(false);
        var running = nodes.Count(static node => node.Running is not null);
        var bans = await _bans.ListAsync(new BanFilter.All(), skip: 0, limit: 0, cancellation).ConfigureAwait(false);
        return new(running, nodes.Count - running, Interlocked.Read(ref _changes), bans.Count ?? 0, _authz.Read()) { Authenticators = _authn.Read() };
    }
}
