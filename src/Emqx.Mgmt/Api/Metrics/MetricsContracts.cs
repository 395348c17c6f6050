using System.Text.Json;
using System.Text.Json.Serialization;
using Emqx.Broker.Cluster;
using Emqx.Broker.Metrics;
using Emqx.Mgmt.Api.Validation;

namespace Emqx.Mgmt.Api.Metrics;

/// <summary>How the counters are wanted.</summary>
/// <param name="Aggregate">One object with the sums instead of a list by node.</param>
/// <param name="Node">Only those of this node; not together with <c>aggregate</c>.</param>
internal sealed record MetricsQuery(bool Aggregate = false, string? Node = null) : IQueryString<MetricsQuery>;

/// <summary>Counters since the start, by EMQX's names: <c>messages.received</c>, <c>packets.publish.sent</c>, …</summary>
internal sealed class MetricsResponse : Dictionary<string, long>;

/// <summary>Writes counters as JSON.</summary>
internal static class MetricsWriter
{
    private static readonly JsonEncodedText[] s_names = [.. Metric.Names.Select(static name => JsonEncodedText.Encode(name))];

    /// <summary>One object.</summary>
    public static void WriteOne(Utf8JsonWriter json, MetricsSnapshot metrics) => Write(json, metrics, node: null);

    /// <summary>A list by node.</summary>
    public static void WriteAll(Utf8JsonWriter json, IReadOnlyList<NodeTagged<MetricsSnapshot>> nodes)
    {
        json.WriteStartArray();
        for (var i = 0; i < nodes.Count; i++)
            Write(json, nodes[i].Value, nodes[i].Node);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, MetricsSnapshot metrics, string? node)
    {
        json.WriteStartObject();
        for (var i = 0; i < s_names.Length; i++)
            json.WriteNumber(s_names[i], metrics.Values[i]);
        if (node is not null)
            json.WriteString("node"u8, node);
        json.WriteEndObject();
    }
}

[JsonSerializable(typeof(MetricsResponse))]
[JsonSerializable(typeof(List<MetricsResponse>))]
internal sealed partial class MetricsJson : JsonSerializerContext;
