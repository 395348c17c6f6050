using Emqx.Broker.Cluster;

namespace Emqx.Broker.Metrics;

/// <summary>All counters of a node, or summed over nodes, indexed by <see cref="Metric"/>.</summary>
internal sealed record MetricsSnapshot(long[] Values)
{
    public long this[Metric metric] => Values[(int)metric];

    /// <summary>Reads the counters of this node.</summary>
    public static MetricsSnapshot Of(Counters counters)
    {
        var values = new long[Metric.Names.Length];
        counters.ReadAll(values);
        return new MetricsSnapshot(values);
    }

    /// <summary>What a cluster answers for all its nodes.</summary>
    public static MetricsSnapshot Sum(IReadOnlyList<NodeTagged<MetricsSnapshot>> nodes)
    {
        var sum = new long[Metric.Names.Length];
        foreach (var (_, one) in nodes)
            for (var i = 0; i < sum.Length; i++)
                sum[i] += one.Values[i];
        return new MetricsSnapshot(sum);
    }
}
