using System.Text.Json;
using Emqx.Broker.Cluster;
using Emqx.Broker.Modules.Prometheus;

namespace Emqx.Mgmt.Api.Prometheus;

/// <summary>Writes metrics as JSON: groups of objects, each of which holds what has the same labels.</summary>
internal static class PrometheusWriter
{
    /// <summary>One object of all groups.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<PrometheusGroup> groups, PrometheusMode mode, IReadOnlyList<NodeTagged<PrometheusSnapshot>> nodes)
    {
        json.WriteStartObject();
        foreach (var group in groups.Where(static group => group.Form != PrometheusForm.TextOnly).OrderBy(static group => group.Name, StringComparer.Ordinal))
        {
            json.WritePropertyName(group.Name);
            Write(json, RowsOf(group, mode, nodes), IsList(group.Form, mode));
        }

        json.WriteEndObject();
    }

    private static bool IsList(PrometheusForm form, PrometheusMode mode) => form switch
    {
        PrometheusForm.List => true,
        PrometheusForm.Machine => mode != PrometheusMode.Node,
        PrometheusForm.Object => mode == PrometheusMode.AllNodesUnaggregated,
        _ => false,
    };

    private static void Write(Utf8JsonWriter json, List<Row> rows, bool isList)
    {
        if (isList)
        {
            json.WriteStartArray();
            foreach (var row in rows)
                Write(json, row);
            json.WriteEndArray();
        }
        else
        {
            Write(json, rows.Count > 0 ? rows[0] : new Row([]));
        }
    }

    private static void Write(Utf8JsonWriter json, Row row)
    {
        json.WriteStartObject();
        foreach (var (name, value) in row.Numbers)
        {
            if (double.IsInteger(value))
                json.WriteNumber(name, (long)value);
            else
                json.WriteNumber(name, value);
        }

        foreach (var (name, value) in row.Labels.OrderBy(static label => label.Name, StringComparer.Ordinal))
            json.WriteString(name, value);
        json.WriteEndObject();
    }

    /// <summary>The samples of the group by their labels. In a group of the nodes' objects, what the cluster has once stands in each of them.</summary>
    private static List<Row> RowsOf(PrometheusGroup group, PrometheusMode mode, IReadOnlyList<NodeTagged<PrometheusSnapshot>> nodes)
    {
        var rows = new List<Row>();
        foreach (var family in group.Families)
        {
            foreach (var sample in PrometheusSeries.Of(family, mode, nodes))
            {
                if (sample.Labels.Count == 0 && rows.Count > 0 && IsList(group.Form, mode) && group.Form == PrometheusForm.Object)
                    rows.ForEach(row => row.Numbers[family.Name] = sample.Value);
                else
                    RowOf(rows, sample.Labels).Numbers[family.Name] = sample.Value;
            }
        }

        return rows;
    }

    private static Row RowOf(List<Row> rows, IReadOnlyList<PrometheusLabel> labels)
    {
        var row = rows.Find(known => known.Labels.SequenceEqual(labels));
        if (row is null)
            rows.Add(row = new Row(labels));
        return row;
    }

    /// <summary>An object of the answer.</summary>
    private sealed record Row(IReadOnlyList<PrometheusLabel> Labels)
    {
        public SortedDictionary<string, double> Numbers { get; } = new(StringComparer.Ordinal);
    }
}
