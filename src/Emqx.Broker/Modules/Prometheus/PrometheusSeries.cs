using Emqx.Broker.Cluster;

namespace Emqx.Broker.Modules.Prometheus;

/// <summary>Puts the samples of several nodes together.</summary>
internal static class PrometheusSeries
{
    /// <summary>The samples of a family, as a mode shows them.</summary>
    /// <param name="nodes">Those of the mode.</param>
    public static IReadOnlyList<PrometheusSample> Of(PrometheusFamily family, PrometheusMode mode, IReadOnlyList<NodeTagged<PrometheusSnapshot>> nodes)
    {
        if (mode == PrometheusMode.Node || family.Scope == PrometheusScope.Cluster)
            return nodes.Count == 0 ? [] : family.Read(nodes[0].Value);
        if (mode == PrometheusMode.AllNodesUnaggregated || family.Scope == PrometheusScope.Machine)
            return [.. nodes.SelectMany(node => family.Read(node.Value).Select(sample => sample.At(node.Node)))];
        return Summed(nodes.SelectMany(node => family.Read(node.Value)));
    }

    /// <summary>One sample for each set of labels, in the order of the first that has it.</summary>
    private static List<PrometheusSample> Summed(IEnumerable<PrometheusSample> samples)
    {
        var sums = new List<PrometheusSample>();
        foreach (var sample in samples)
        {
            var at = sums.FindIndex(known => known.Labels.SequenceEqual(sample.Labels));
            if (at < 0)
                sums.Add(sample);
            else
                sums[at] = sums[at] with { Value = sums[at].Value + sample.Value };
        }

        return sums;
    }
}
