using System.Text.Json.Serialization;
using Emqx.Broker.Schema;
using Emqx.Mgmt.Api.Validation;

namespace Emqx.Mgmt.Api.TopicMetrics;

/// <summary>Which topic is to be measured.</summary>
/// <param name="Topic">A topic name.</param>
[PlainList]
internal sealed record TopicMetricsRequest(string Topic) : IJsonBody<TopicMetricsRequest>;

/// <summary>What is to be done with counters.</summary>
/// <param name="Action">What to do.</param>
/// <param name="Topic">Whose counters; left out: those of all topics that are measured.</param>
internal sealed record TopicMetricsResetRequest(TopicMetricsAction Action, string? Topic = null) : IJsonBody<TopicMetricsResetRequest>;

/// <summary>What can be done with counters.</summary>
internal enum TopicMetricsAction
{
    /// <summary>They count from zero again.</summary>
    Reset,
}

/// <summary>What was counted of a topic.</summary>
/// <param name="CreateTime">Since when it is measured.</param>
/// <param name="Metrics">Its counters, since then or since they were reset.</param>
/// <param name="Topic">The topic.</param>
internal sealed record TopicMetricsResponse(string CreateTime, TopicCounters Metrics, string Topic);

/// <summary>Counters of a topic, and how fast they rise: events a second, over the last seconds.</summary>
/// <param name="DroppedCount">Messages that nobody was subscribed to.</param>
/// <param name="DroppedRate">As a rate.</param>
/// <param name="InCount">Messages published.</param>
/// <param name="InRate">As a rate.</param>
/// <param name="OutCount">Messages delivered, once for each client.</param>
/// <param name="OutRate">As a rate.</param>
/// <param name="Qos0InCount">Messages published with QoS 0.</param>
/// <param name="Qos0InRate">As a rate.</param>
/// <param name="Qos0OutCount">Messages delivered with QoS 0.</param>
/// <param name="Qos0OutRate">As a rate.</param>
/// <param name="Qos1InCount">Messages published with QoS 1.</param>
/// <param name="Qos1InRate">As a rate.</param>
/// <param name="Qos1OutCount">Messages delivered with QoS 1.</param>
/// <param name="Qos1OutRate">As a rate.</param>
/// <param name="Qos2InCount">Messages published with QoS 2.</param>
/// <param name="Qos2InRate">As a rate.</param>
/// <param name="Qos2OutCount">Messages delivered with QoS 2.</param>
/// <param name="Qos2OutRate">As a rate.</param>
internal sealed record TopicCounters(
    [property: JsonPropertyName("messages.dropped.count")] long DroppedCount,
    [property: JsonPropertyName("messages.dropped.rate")] double DroppedRate,
    [property: JsonPropertyName("messages.in.count")] long InCount,
    [property: JsonPropertyName("messages.in.rate")] double InRate,
    [property: JsonPropertyName("messages.out.count")] long OutCount,
    [property: JsonPropertyName("messages.out.rate")] double OutRate,
    [property: JsonPropertyName("messages.qos0.in.count")] long Qos0InCount,
    [property: JsonPropertyName("messages.qos0.in.rate")] double Qos0InRate,
    [property: JsonPropertyName("messages.qos0.out.count")] long Qos0OutCount,
    [property: JsonPropertyName("messages.qos0.out.rate")] double Qos0OutRate,
    [property: JsonPropertyName("messages.qos1.in.count")] long Qos1InCount,
    [property: JsonPropertyName("messages.qos1.in.rate")] double Qos1InRate,
    [property: JsonPropertyName("messages.qos1.out.count")] long Qos1OutCount,
    [property: JsonPropertyName("messages.qos1.out.rate")] double Qos1OutRate,
    [property: JsonPropertyName("messages.qos2.in.count")] long Qos2InCount,
    [property: JsonPropertyName("messages.qos2.in.rate")] double Qos2InRate,
    [property: JsonPropertyName("messages.qos2.out.count")] long Qos2OutCount,
    [property: JsonPropertyName("messages.qos2.out.rate")] double Qos2OutRate);

[JsonSerializable(typeof(TopicMetricsResponse))]
[JsonSerializable(typeof(List<TopicMetricsResponse>))]
internal sealed partial class TopicMetricsJson : JsonSerializerContext;
