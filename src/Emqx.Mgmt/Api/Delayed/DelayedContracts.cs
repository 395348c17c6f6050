using System.Text.Json.Serialization;
using Emqx.Broker.Modules.Delayed;
using Emqx.Mgmt.Api.Json;
using Emqx.Mgmt.Api.Paging;
using Emqx.Mgmt.Api.Validation;

namespace Emqx.Mgmt.Api.Delayed;

/// <summary>How delayed publishing is to be; what is left out stays.</summary>
/// <param name="Enable">Whether messages wait. Turning it off deletes those that do.</param>
/// <param name="MaxDelayedMessages">Most messages that wait; 0: no limit.</param>
internal sealed record DelayedRequest(bool? Enable = null, long? MaxDelayedMessages = null) : IJsonBody<DelayedRequest>;

/// <summary>How delayed publishing is set.</summary>
/// <param name="Enable">Whether messages wait.</param>
/// <param name="MaxDelayedMessages">Most messages that wait; 0: no limit.</param>
internal sealed record DelayedResponse(bool Enable, long MaxDelayedMessages)
{
    /// <summary>What the API shows of the settings.</summary>
    public static DelayedResponse From(DelayedSettings settings) => new(settings.Enable, settings.MaxDelayedMessages);
}

/// <summary>A message that waits for its time.</summary>
/// <param name="DelayedInterval">Seconds that it was told to wait.</param>
/// <param name="DelayedRemaining">Seconds that are left.</param>
/// <param name="ExpectedAt">When it will be published.</param>
/// <param name="FromClientid">Who has sent it.</param>
/// <param name="FromUsername">The sender's user name, or <c>undefined</c>.</param>
/// <param name="Msgid">32 hexadecimal digits.</param>
/// <param name="Node">Where it waits.</param>
/// <param name="Payload">In base64, or <c>PAYLOAD_TOO_LARGE</c> above 2048 bytes; of single messages alone.</param>
/// <param name="PublishAt">When it was sent.</param>
/// <param name="Qos">Its QoS.</param>
/// <param name="Topic">Its real topic.</param>
internal sealed record DelayedMessageResponse(long DelayedInterval, long DelayedRemaining, string ExpectedAt, string FromClientid, string FromUsername,
    string Msgid, string Node, string? Payload, string PublishAt, int Qos, string Topic)
{
    /// <summary>The longest payload that is shown, in bytes.</summary>
    private const int LongestPayload = 2048;

    /// <summary>What the list shows of a message.</summary>
    public static DelayedMessageResponse From(DelayedRow row, TimeProvider time)
    {
        var (delayed, message) = (row.Delayed, row.Delayed.Message);
        return new(delayed.IntervalSeconds, delayed.RemainingSeconds(time.GetUtcNow().ToUnixTimeMilliseconds()), TimeText.Milliseconds(delayed.ExpectedAt, time),
            message.From, message.FromUsername ?? "undefined", message.Id.ToString(), row.Node, null, TimeText.Milliseconds(message.PublishedAt, time),
            message.Qos, message.Topic);
    }

    /// <summary>What is shown of a message that is asked for.</summary>
    public static DelayedMessageResponse WithPayload(DelayedRow row, TimeProvider time)
    {
        var payload = row.Delayed.Message.Payload.Span;
        return From(row, time) with { Payload = payload.Length > LongestPayload ? "PAYLOAD_TOO_LARGE" : Convert.ToBase64String(payload) };
    }
}

[JsonSerializable(typeof(DelayedResponse))]
[JsonSerializable(typeof(DelayedMessageResponse))]
[JsonSerializable(typeof(Paged<DelayedMessageResponse>))]
internal sealed partial class DelayedJson : JsonSerializerContext;
