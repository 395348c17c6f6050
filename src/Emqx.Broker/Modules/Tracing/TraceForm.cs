using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Emqx.Broker.Modules.Tracing;

/// <summary>
/// How a trace writes its lines, as EMQX does: <c>2026-01-02T03:04:05.678901+00:00 [PUBLISH] id@127.0.0.1:5 msg: publish_to, topic: t, …</c>, or an
/// object of JSON. Whatever clients send, an event is one line.
/// </summary>
/// <param name="IsJson">Objects of JSON.</param>
internal sealed record TraceForm(bool IsJson, PayloadEncode Encode, TimeProvider Time)
{
    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Appends a line, its end included.</summary>
    public void Write(ArrayBufferWriter<byte> into, in TraceEvent told)
    {
        var at = TimeZoneInfo.ConvertTime(Time.GetUtcNow(), Time.LocalTimeZone).ToString("yyyy-MM-ddTHH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture);
        if (IsJson)
            WriteJson(into, told, at);
        else
            WriteText(into, told, at);
        into.Write("\n"u8);
    }

    private void WriteText(ArrayBufferWriter<byte> into, in TraceEvent told, string at)
    {
        var text = new StringBuilder(256).Append(at).Append(" [").Append(told.Tag).Append("] ");
        AppendOnOneLine(text, told.ClientId);
        text.Append('@').Append(told.Peer).Append(" msg: ").Append(told.Message);
        if (told.HasPacket)
            AppendOnOneLine(text.Append(", packet: "), TextOf(told));
        var (encode, payload) = (Encode, "");
        if (told.HasPayload)
        {
            payload = TracePayload.Write(told.Payload, ref encode);
            text.Append(", payload_encode: ").Append(encode.Word());
        }

        foreach (var field in told.Fields)
            AppendOnOneLine(text.Append(", ").Append(field.Name).Append(": "), field.Text);
        if (told.HasPayload)
            AppendOnOneLine(text.Append(", payload: "), payload);
        Encoding.UTF8.GetBytes(text.ToString(), into);
    }

    private void WriteJson(ArrayBufferWriter<byte> into, in TraceEvent told, string at)
    {
        using var writer = new Utf8JsonWriter(into, s_json);
        writer.WriteStartObject();
        writer.WriteString("time"u8, at);
        writer.WriteString("level"u8, "debug"u8);
        writer.WriteString("msg"u8, told.Message);
        writer.WriteStartObject("meta"u8);
        writer.WriteString("trace_tag"u8, told.Tag);
        if (told.ClientId.Length > 0)
        {
            writer.WriteString("clientid"u8, Sound(told.ClientId));
            writer.WriteString("peername"u8, told.Peer);
        }

        if (told.HasPacket)
            writer.WriteString("packet"u8, Sound(TextOf(told)));
        foreach (var field in told.Fields)
            WriteField(writer, field);
        if (told.HasPayload)
        {
            var encode = Encode;
            writer.WriteString("payload"u8, Sound(TracePayload.Write(told.Payload, ref encode)));
            writer.WriteString("payload_encode"u8, encode.Word());
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteField(Utf8JsonWriter writer, in TraceField field)
    {
        writer.WritePropertyName(field.Name);
        if (field.Json is { } json)
            writer.WriteRawValue(json);
        else
            writer.WriteStringValue(Sound(field.Text));
    }

    private string TextOf(in TraceEvent told)
    {
        var packet = told.Packet;
        if (packet.After is not { } after)
            return packet.Before;
        var encode = Encode;
        var payload = TracePayload.Write(packet.Payload, ref encode);
        return $"{packet.Before}Payload({encode.Word()})={payload}{after}";
    }

    /// <summary>Nobody makes lines of his own by what he sends.</summary>
    private static void AppendOnOneLine(StringBuilder text, string part)
    {
        foreach (var c in part)
        {
            if (c == '\n')
                text.Append("\\n");
            else if (c == '\r')
                text.Append("\\r");
            else
                text.Append(char.IsControl(c) ? ' ' : c);
        }
    }

    /// <summary>Without halves of characters, which JSON cannot have.</summary>
    private static byte[] Sound(string text) => Encoding.UTF8.GetBytes(text);
}
