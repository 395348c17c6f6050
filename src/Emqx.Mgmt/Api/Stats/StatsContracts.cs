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
    private static readonly JsonEncodedText[] Counts = [.. StatNames.All.Select(name => JsonEncodedText.Encode(name + ".count"))];
    private static readonly JsonEncodedText[] Maxima = [.. StatNames.All.Select(name => JsonEncodedText.Encode(name + ".max"))];

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
        for (var i = 0; i < Counts.Length; i++)
        {
            json.WriteNumber(Counts[i], stats.Counts[i]);
            json.WriteNumber(Maxima[i], stats.Maxima[i]);
        }

        if (node is not null)
            json.WriteString("node"u8, node);
        json.WriteEndObject();
    }
}

[JsonSerializable(typeof(StatsQuery))]
[JsonSerializable(typeof(StatsResponse))]
[JsonSerializable(typeof(List<StatsResponse>))]
internal sealed partial class StatsJson : JsonSerializerContext;
