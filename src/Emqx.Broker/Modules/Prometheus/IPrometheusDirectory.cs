using Emqx.Broker.Cluster;

namespace Emqx.Broker.Modules.Prometheus;

/// <summary>What the metrics of each node are made of.</summary>
internal interface IPrometheusDirectory
{
    /// <summary>Of the nodes that a mode is about: this one alone, or all that run, this one first.</summary>
    ValueTask<IReadOnlyList<NodeTagged<PrometheusSnapshot>>> ListAsync(PrometheusMode mode, CancellationToken cancellation);
}
