using System.Globalization;
using System.Text.Json;
using Emqx.Broker.Clients;
using Emqx.Broker.Schema;
using Emqx.Broker.Sessions;
using Emqx.Mgmt.Api.Failures;
using Emqx.Mgmt.Api.Validation;

namespace Emqx.Mgmt.Api.Clients;

/// <summary>Which messages of a client are listed, and how.</summary>
/// <param name="Payload">How payloads are written; <c>none</c> leaves them out.</param>
/// <param name="MaxPayloadBytes">Messages are left out once the encoded payloads pass it, but never the first.</param>
/// <param name="Position"><c>meta.position</c> of the answer before; <c>none</c> to begin.</param>
/// <param name="Limit">Messages of an answer, 1 to 10000.</param>
internal sealed record ClientMessagesQuery(
    PayloadEncoding Payload = PayloadEncoding.Base64,
    [Kind(typeof(PositiveByteSizeKind))] long MaxPayloadBytes = 1 << 20,
    string? Position = null,
    [Between(1, 10000)] int Limit = 100) : IQueryString<ClientMessagesQuery>
{
    /// <summary>As the broker takes it; null and a failure where the position is none.</summary>
    public MessageSliceQuery? ToSlice(MessageList list, out ApiFailure? failure)
    {
        failure = null;
        MessagePosition? after = null;
        if (Position is not (null or "none"))
        {
            if (!MessagePosition.TryParse(Position, list, out var position))
            {
                failure = Failure.InvalidParameter.Because("position_limit_invalid");
                return null;
            }

            after = position;
        }

        return new MessageSliceQuery(list, after, Limit, Payload, MaxPayloadBytes);
    }
}

/// <summary>Messages of a client's session.</summary>
/// <param name="Data">The messages, oldest first.</param>
/// <param name="Meta">Where they stand.</param>
internal sealed record ClientMessagesResponse(IReadOnlyList<ClientMessageResponse> Data, ClientMessagesMeta Meta);

/// <summary>Where messages stand in a session.</summary>
/// <param name="Start">The first of all, or <c>none</c>.</param>
/// <param name="Position">The last of these; ask for what follows with it.</param>
internal sealed record ClientMessagesMeta(string Start, string Position);

/// <summary>A message that waits for a client, or for its acknowledgement.</summary>
/// <param name="Msgid">32 hexadecimal digits.</param>
/// <param name="Topic">Its topic.</param>
/// <param name="Qos">Its QoS.</param>
/// <param name="PublishAt">When it was published, milliseconds.</param>
/// <param name="FromClientid">Who published it.</param>
/// <param name="FromUsername">The publisher's user name, or empty.</param>
/// <param name="Payload">Encoded as asked for.</param>
/// <param name="InsertedAt">When it came into the session, nanoseconds.</param>
/// <param name="MqueuePriority">Of queued messages: their priority.</param>
internal sealed record ClientMessageResponse(string Msgid, string Topic, int Qos, long PublishAt, string FromClientid, string FromUsername, string? Payload,
    string InsertedAt, int? MqueuePriority);

/// <summary>Messages of a session on their way into an answer.</summary>
internal sealed record ClientMessages(MessageSlice Slice, MessageSliceQuery Query)
{
    /// <summary>Writes the whole answer; payloads never become strings.</summary>
    public static void Write(Utf8JsonWriter writer, ClientMessages source)
    {
        var (slice, query) = source;
        writer.WriteStartObject();
        writer.WriteStartArray("data"u8);
        foreach (ref readonly var message in slice.Messages.Span)
            WriteMessage(writer, message, query);
        writer.WriteEndArray();
        writer.WriteStartObject("meta"u8);
        writer.WriteString("start"u8, slice.Start?.ToText(query.List) ?? "none");
        writer.WriteString("position"u8, slice.Position?.ToText(query.List) ?? "none");
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteMessage(Utf8JsonWriter writer, in QueuedMessage queued, MessageSliceQuery query)
    {
        var message = queued.Message;
        writer.WriteStartObject();
        writer.WriteString("msgid"u8, message.Id.ToString());
        writer.WriteString("topic"u8, message.Topic);
        writer.WriteNumber("qos"u8, queued.Qos);
        writer.WriteNumber("publish_at"u8, message.PublishedAt);
        writer.WriteString("from_clientid"u8, message.From);
        writer.WriteString("from_username"u8, message.FromUsername ?? "");
        if (query.Encoding == PayloadEncoding.Base64)
            writer.WriteBase64String("payload"u8, message.Payload.Span);
        else if (query.Encoding == PayloadEncoding.Plain)
            writer.WriteString("payload"u8, message.Payload.Span);
        writer.WriteString("inserted_at"u8, queued.InsertedAt.ToString(CultureInfo.InvariantCulture));
        if (query.List == MessageList.Mqueue)
            WritePriority(writer, queued.Priority);
        writer.WriteEndObject();
    }

    private static void WritePriority(Utf8JsonWriter writer, int priority)
    {
        if (priority == int.MaxValue)
            writer.WriteString("mqueue_priority"u8, "infinity"u8);
        else
            writer.WriteNumber("mqueue_priority"u8, priority);
    }
}
