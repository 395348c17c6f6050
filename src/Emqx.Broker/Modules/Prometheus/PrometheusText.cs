using System.Globalization;
using System.Text;
using Emqx.Broker.Cluster;

namespace Emqx.Broker.Modules.Prometheus;

/// <summary>Metrics in Prometheus's text format (0.0.4): a family's type and help, then its samples, together.</summary>
internal static class PrometheusText
{
    private const double LargestWhole = 9_007_199_254_740_992; // up to here a double is exact

    /// <summary>The families of the groups, in their order.</summary>
    public static string Write(IEnumerable<PrometheusGroup> groups, PrometheusMode mode, IReadOnlyList<NodeTagged<PrometheusSnapshot>> nodes)
    {
        var text = new StringBuilder(16 * 1024);
        foreach (var group in groups)
        {
            foreach (var family in group.Families)
                Write(text, family, PrometheusSeries.Of(family, mode, nodes));
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, PrometheusFamily family, IReadOnlyList<PrometheusSample> samples)
    {
        text.Append("# TYPE ").Append(family.Name).Append(family.Type == PrometheusType.Gauge ? " gauge\n" : " counter\n");
        text.Append("# HELP ").Append(family.Name).Append(' ').Append(family.Help).Append('\n');
        foreach (var sample in samples)
        {
            text.Append(family.Name);
            Write(text, sample.Labels);
            text.Append(' ').Append(NumberOf(sample.Value)).Append('\n');
        }
    }

    private static void Write(StringBuilder text, IReadOnlyList<PrometheusLabel> labels)
    {
        if (labels.Count == 0)
            return;
        text.Append('{');
        for (var i = 0; i < labels.Count; i++)
        {
            if (i > 0)
                text.Append(',');
            text.Append(labels[i].Name).Append("=\"");
            foreach (var letter in labels[i].Value)
                _ = letter switch
                {
                    '\\' => text.Append(@"\\"),
                    '"' => text.Append("\\\""),
                    '\n' => text.Append(@"\n"),
                    _ => text.Append(letter),
                };
            text.Append('"');
        }

        text.Append('}');
    }

    private static string NumberOf(double value) => double.IsInteger(value) && Math.Abs(value) <= LargestWhole
        ? ((long)value).ToString(CultureInfo.InvariantCulture)
        : value.ToString("R", CultureInfo.InvariantCulture);
}
