using Emqx.Broker.Access.Authz;
using Emqx.Broker.Metrics;
using Emqx.Broker.Monitoring;

namespace Emqx.Broker.Modules.Prometheus;

/// <summary>Everything of a node that its metrics are made of.</summary>
internal sealed record PrometheusSnapshot(StatsSnapshot Stats, MetricsSnapshot Counters, MachineReading Machine, ListenerReading Listeners, ClusterReading Cluster);

/// <summary>The machine.</summary>
/// <param name="CpuUse">Percent.</param>
/// <param name="RunQueue">Pieces of work that wait for a thread.</param>
/// <param name="MemoryTotal">Bytes.</param>
/// <param name="MemoryUsed">Bytes.</param>
internal sealed record MachineReading(double CpuUse, long RunQueue, long MemoryTotal, long MemoryUsed);

/// <summary>What is counted by listener.</summary>
/// <param name="Ends">Connections that have ended, by listener and reason.</param>
/// <param name="Expiries">When certificates expire.</param>
internal sealed record ListenerReading(IReadOnlyList<PrometheusSample> Ends, IReadOnlyList<PrometheusSample> Expiries);

/// <summary>The cluster, as the node sees it.</summary>
/// <param name="Changes">How often its configuration has changed.</param>
/// <param name="Sources">Authorization sources, as this node has asked them.</param>
internal sealed record ClusterReading(int Running, int Stopped, long Changes, long Bans, IReadOnlyList<AuthzSourceState> Sources)
{
    /// <summary>The authenticators, in the order in which they are asked, and what this node has asked them.</summary>
    public IReadOnlyList<AuthenticatorReading> Authenticators { get; init; } = [];
}
