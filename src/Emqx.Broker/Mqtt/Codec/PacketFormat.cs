using System.Globalization;
using System.Text;
using Emqx.Broker.Hooks;
using Emqx.Broker.Protocol;
using MQTTnet.Protocol;

namespace Emqx.Broker.Mqtt.Codec;

/// <summary>Packets as text for people, in the form of EMQX's traces. Whatever the bytes are, it does not fail; passwords are never told.</summary>
internal static class PacketFormat
{
    /// <summary>Characters of a list of filters or codes, which a packet may have thousands of.</summary>
    private const int LongestList = 8 * 1024;

    private static readonly CultureInfo s_invariant = CultureInfo.InvariantCulture;

    /// <summary>A whole packet.</summary>
    public static PacketText Of(ReadOnlySpan<byte> packet, bool v5)
    {
        var at = 1;
        while (at < packet.Length && (packet[at] & 0x80) != 0)
            at++;
        return Of(packet[0], at < packet.Length ? packet[(at + 1)..] : default, v5);
    }

    /// <summary>A packet by its first byte and what follows its length.</summary>
    public static PacketText Of(byte header, ReadOnlySpan<byte> body, bool v5)
    {
        var type = (MqttControlPacketType)(header >> 4);
        if (type == MqttControlPacketType.Connect && ConnectDecoder.Decode(header, body, strict: false, out var connect) == ConnectOutcome.Good)
            return Of(connect);
        var text = Head(type, header);
        var reader = new PacketReader(body);
        if (type == MqttControlPacketType.Publish)
            return Publish(text, header, reader, v5);
        AppendFields(text, type, ref reader, v5);
        return new PacketText(text.Append(')').ToString());
    }

    /// <summary>A CONNECT.</summary>
    public static PacketText Of(ConnectPacket packet)
    {
        var text = Head(MqttControlPacketType.Connect, (byte)MqttControlPacketType.Connect << 4);
        text.Append(s_invariant, $", ClientId={packet.ClientId}, ProtoName={packet.ProtocolName}, ProtoVsn={packet.Version}");
        text.Append(s_invariant, $", CleanStart={(packet.CleanStart ? "true" : "false")}, KeepAlive={packet.KeepAlive}, Username={packet.Username ?? "undefined"}");
        text.Append(", Password=").Append(packet.Password is { Length: > 0 } ? "******" : "");
        if (packet.Will is not { } will)
            return new PacketText(text.Append(')').ToString());
        text.Append(s_invariant, $", Will(Q{will.Qos}, R{(will.Retain ? 1 : 0)}, Topic={will.Topic} ");
        return new PacketText(text.ToString(), will.Payload, "))");
    }

    private static StringBuilder Head(MqttControlPacketType type, byte header) =>
        new StringBuilder().Append(s_invariant, $"{type.ToString().ToUpperInvariant()}(Q{header >> 1 & 3}, R{header & 1}, D{header >> 3 & 1}");

    private static PacketText Publish(StringBuilder text, byte header, PacketReader reader, bool v5)
    {
        text.Append(", Topic=").Append(Encoding.UTF8.GetString(reader.Binary())).Append(", PacketId=");
        if ((header & 0x06) == 0)
            text.Append("undefined");
        else
            text.Append(s_invariant, $"{reader.UInt16()}");
        if (v5)
            SkipProperties(ref reader);
        return new PacketText(text.Append(", ").ToString(), reader.Failed ? default : reader.Rest, ")");
    }

    private static void AppendFields(StringBuilder text, MqttControlPacketType type, ref PacketReader reader, bool v5)
    {
        switch (type)
        {
            case MqttControlPacketType.ConnAck:
                text.Append(s_invariant, $", AckFlags={reader.Byte()}, ReasonCode={reader.Byte()}");
                break;
            case MqttControlPacketType.PubAck or MqttControlPacketType.PubRec or MqttControlPacketType.PubRel or MqttControlPacketType.PubComp:
                text.Append(s_invariant, $", PacketId={reader.UInt16()}, ReasonCode={CodeOr0(ref reader)}");
                break;
            case MqttControlPacketType.Subscribe or MqttControlPacketType.Unsubscribe:
                text.Append(s_invariant, $", PacketId={reader.UInt16()} TopicFilters=[");
                AppendFilters(text, ref reader, v5, hasOptions: type == MqttControlPacketType.Subscribe);
                text.Append(']');
                break;
            case MqttControlPacketType.SubAck:
                text.Append(s_invariant, $", PacketId={reader.UInt16()}, ReasonCodes=[");
                AppendCodes(text, ref reader, v5);
                text.Append(']');
                break;
            case MqttControlPacketType.UnsubAck:
                text.Append(s_invariant, $", PacketId={reader.UInt16()}");
                break;
            case MqttControlPacketType.Disconnect or MqttControlPacketType.Auth:
                text.Append(s_invariant, $", ReasonCode={CodeOr0(ref reader)}");
                break;
            default:
                break;
        }
    }

    private static byte CodeOr0(ref PacketReader reader) => reader.AtEnd ? ReasonCode.Success : reader.Byte();

    private static void AppendFilters(StringBuilder text, ref PacketReader reader, bool v5, bool hasOptions)
    {
        if (v5)
            SkipProperties(ref reader);
        var end = text.Length + LongestList;
        for (var isFirst = true; !reader.AtEnd; isFirst = false)
        {
            if (!isFirst)
                text.Append(',');
            if (text.Length > end)
            {
                text.Append("...");
                return;
            }

            text.Append(reader.Text());
            if (hasOptions && reader.Byte() is var options)
                text.Append(s_invariant, $"(#{{nl => {options >> 2 & 1},qos => {options & 3},rap => {options >> 3 & 1},rh => {options >> 4 & 3}}})");
        }
    }

    private static void AppendCodes(StringBuilder text, ref PacketReader reader, bool v5)
    {
        if (v5)
            SkipProperties(ref reader);
        var end = text.Length + LongestList;
        for (var separator = ""; !reader.AtEnd; separator = ",")
        {
            if (text.Length > end)
            {
                text.Append(",...");
                return;
            }

            text.Append(separator).Append(s_invariant, $"{reader.Byte()}");
        }
    }

    private static void SkipProperties(ref PacketReader reader)
    {
        var length = (int)reader.VariableInt();
        if (length > 0)
            reader.Take(length);
    }
}
