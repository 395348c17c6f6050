using Emqx.Broker.Cluster;
using Emqx.Broker.Metrics;
using Emqx.Broker.Monitoring;

namespace Emqx.Broker.Modules.Prometheus;

/// <summary>The metrics of a node that is alone. Nothing here walks a table: a scrape every second costs the same with a million clients.</summary>
internal sealed class LocalPrometheus(Stats stats, Counters counters, ProcessorUse processors, ConnectionEnds ends, ClusterCount cluster) : IPrometheusDirectory
{
    public async ValueTask<IReadOnlyList<NodeTagged<PrometheusSnapshot>>> ListAsync(PrometheusMode mode, CancellationToken cancellation)
    {
        var (total, used) = processors.ReadMemory();
        var machine = new MachineReading(processors.Read(), ThreadPool.PendingWorkItemCount, total, used);
        var around = await cluster.ReadAsync(cancellation).ConfigureAwait(false);
        return [new(cluster.Self, new PrometheusSnapshot(stats.Read(), MetricsSnapshot.Of(counters), machine, ends.Read(), around))];
    }
}
