using System.Text.Json.Serialization;
using Emqx.Broker.Schema;
using Emqx.Mgmt.Api.Validation;

namespace Emqx.Mgmt.Api.Publish;

/// <summary>How the text of a payload stands for its bytes.</summary>
internal enum PublishEncoding
{
    Plain,
    Base64,
}

/// <summary>A message to be published.</summary>
/// <param name="Topic">Its topic; no wildcards.</param>
/// <param name="Payload">Its payload; may be empty.</param>
/// <param name="PayloadEncoding">How the payload is given.</param>
/// <param name="Qos">0, 1 or 2.</param>
/// <param name="Retain">Whether it is retained.</param>
/// <param name="Properties">Of MQTT 5.</param>
/// <param name="Clientid">Deprecated; without effect.</param>
internal sealed record PublishRequest(string Topic, string Payload, PublishEncoding PayloadEncoding = PublishEncoding.Plain, [Qos] int Qos = 0,
    bool Retain = false, PublishProperties? Properties = null, string? Clientid = null) : IJsonBody<PublishRequest>;

/// <summary>Properties of a message (MQTT 5).</summary>
/// <param name="PayloadFormatIndicator">1: the payload is UTF-8.</param>
/// <param name="MessageExpiryInterval">Seconds.</param>
/// <param name="ResponseTopic">Where an answer is expected.</param>
/// <param name="CorrelationData">What an answer is to carry.</param>
/// <param name="UserProperties">Names and values.</param>
/// <param name="ContentType">Describes the payload.</param>
internal sealed record PublishProperties([Between(0, 1)] int? PayloadFormatIndicator = null, long? MessageExpiryInterval = null,
    string? ResponseTopic = null, string? CorrelationData = null, IReadOnlyDictionary<string, string>? UserProperties = null, string? ContentType = null);

/// <summary>A message that was published.</summary>
/// <param name="Id">32 hexadecimal digits.</param>
internal sealed record PublishedResponse(string Id);

/// <summary>A message that was not published, or that nobody had subscribed to.</summary>
/// <param name="ReasonCode">Of MQTT 5: 16 no subscriber, 131 failed, 144 bad topic, 151 too large.</param>
/// <param name="Message">What happened.</param>
internal sealed record NotPublishedResponse(int ReasonCode, string Message);

/// <summary>What came of one of many messages: an id, or a reason.</summary>
/// <param name="Id">32 hexadecimal digits.</param>
/// <param name="ReasonCode">Of MQTT 5.</param>
/// <param name="Message">What happened.</param>
internal sealed record PublishOutcomeResponse(string? Id, int? ReasonCode, string? Message);

[JsonSerializable(typeof(PublishedResponse))]
[JsonSerializable(typeof(NotPublishedResponse))]
[JsonSerializable(typeof(IReadOnlyList<PublishOutcomeResponse>))]
internal sealed partial class PublishJson : JsonSerializerContext;
