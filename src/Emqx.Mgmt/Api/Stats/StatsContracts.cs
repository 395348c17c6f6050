using System.Text.Json;
using System.Text.Json.Serialization;
using Emqx.Broker.Cluster;
using Emqx.Broker.Monitoring;
using Emqx.Mgmt.Api.Validation;

namespace Emqx.Mgmt.Api.Stats;

/// <summary>How the statistics are wanted.</summary>
/// <param name="Aggregate">One object with the sums instead of a list by node.</param>
internal sealed record StatsQuery(bool Aggregate = false) : IQueryString<StatsQuery>;

/// <summary>Statistics: for each table its size (<c>topics.count</c>) and the largest since the start (<c>topics.max</c>).</summary>
internal sealed class StatsResponse : Dictionary<string, long>;

/// <summary>Writes statistics as JSON.</summary>
internal static class StatsWriter
{
    private static readonly JsonEncodedText[] s_counts = [.. Stat.All.Select(static stat => JsonEncodedText.Encode(stat.Name + ".count"))];
    private static readonly JsonEncodedText[] s_maxima = [.. Stat.All.Select(static stat => JsonEncodedText.Encode(stat.Name + ".max"))];

    /// <summary>One object.</summary>
    public static void WriteOne(Utf8JsonWriter json, StatsSnapshot stats) => Write(json, stats, node: null);

    /// <summary>A list by node.</summary>
    public static void WriteAll(Utf8JsonWriter json, IReadOnlyList<NodeTagged<StatsSnapshot>> nodes)
    {
        json.WriteStartArray();
        for (var i = 0; i < nodes.Count; i++)
            Write(json, nodes[i].Value, nodes[i].Node);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, StatsSnapshot stats, string? node)
    {
        json.WriteStartObject();
        for (var i = 0; i < s_counts.Length; i++)
        {
            json.WriteNumber(s_counts[i], stats.Counts[i]);
            json.WriteNumber(s_maxima[i], stats.Maxima[i]);
        }

        if (node is not null)
            json.WriteString("node"u8, node);
        json.WriteEndObject();
    }
}

[JsonSerializable(typeof(StatsResponse))]
[JsonSerializable(typeof(List<StatsResponse>))]
internal sealed partial class StatsJson : JsonSerializerContext;
