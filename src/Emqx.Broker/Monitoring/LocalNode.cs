using System.Runtime.InteropServices;
using Emqx.Broker.Cluster;
using Emqx.Broker.Metrics;

namespace Emqx.Broker.Monitoring;

/// <summary>The directories of a node that is alone: it knows itself.</summary>
internal sealed class LocalNode(NodeIdentity identity, Stats stats, Counters counters, HostFacts host, TimeProvider time)
    : INodeDirectory, IStatsDirectory, IMetricsDirectory
{
    private static readonly string s_runtime = RuntimeInformation.FrameworkDescription;

    public string Self => identity.Name;

    ValueTask<IReadOnlyList<NodeFacts>> INodeDirectory.ListAsync(CancellationToken cancellation) => new([Describe()]);

    ValueTask<NodeFacts?> INodeDirectory.FindAsync(string node, CancellationToken cancellation) => new(node == Self ? Describe() : null);

    ValueTask<IReadOnlyList<NodeTagged<StatsSnapshot>>> IStatsDirectory.ListAsync(CancellationToken cancellation) =>
        new([new NodeTagged<StatsSnapshot>(Self, stats.Read())]);

    ValueTask<StatsSnapshot?> IStatsDirectory.FindAsync(string node, CancellationToken cancellation) =>
        new(node == Self ? stats.Read() : null);

    ValueTask<IReadOnlyList<NodeTagged<MetricsSnapshot>>> IMetricsDirectory.ListAsync(CancellationToken cancellation) =>
        new([new NodeTagged<MetricsSnapshot>(Self, MetricsSnapshot.Of(counters))]);

    ValueTask<MetricsSnapshot?> IMetricsDirectory.FindAsync(string node, CancellationToken cancellation) =>
        new(node == Self ? MetricsSnapshot.Of(counters) : null);

    private NodeFacts Describe()
    {
        var gauges = stats.ReadGauges();
        var uptime = time.GetUtcNow().ToUnixTimeMilliseconds() - identity.StartedAt;
        return new NodeFacts(Self, "core", new RunningNode(NodeIdentity.Version, uptime, gauges.Sessions, gauges.LiveConnections, gauges.Sessions,
            host.Read(), s_runtime, AppContext.BaseDirectory, "logs go to the console, not to files"));
    }
}
