using System.Text;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Mqtt.Codec;

/// <summary>What a CONNECT turned out to be.</summary>
internal enum ConnectOutcome
{
    Good,

    /// <summary>No MQTT at all: the connection is dropped without a word.</summary>
    NotMqtt,

    /// <summary>A protocol level that is not spoken here: return code 1.</summary>
    UnsupportedLevel,

    /// <summary>A level that is spoken, but a body that is wrong.</summary>
    Malformed,
}

/// <summary>Decodes CONNECT (MQTT 3.1, 3.1.1 and 5.0, section 3.1).</summary>
internal static class ConnectDecoder
{
    private const byte BridgeBit = 0x80;

    public static ConnectOutcome Decode(byte header, ReadOnlySpan<byte> body, bool strict, out ConnectPacket packet)
    {
        packet = new ConnectPacket();
        var reader = new PacketReader(body);
        packet.ProtocolName = Encoding.Latin1.GetString(reader.Binary());
        var level = reader.Byte();
        if (reader.Failed || packet.ProtocolName is not ("MQTT" or "MQIsdp"))
            return ConnectOutcome.NotMqtt;
        packet.IsBridge = (level & BridgeBit) != 0;
        packet.Version = (byte)(level & ~BridgeBit);
        if (packet is not ({ ProtocolName: "MQTT", Version: 4 or 5 } or { ProtocolName: "MQIsdp", Version: 3 }))
            return ConnectOutcome.UnsupportedLevel;
        if (strict && (header & 0x0F) != 0)
            return ConnectOutcome.NotMqtt;
        return DecodeRest(ref reader, packet, strict) ? ConnectOutcome.Good : ConnectOutcome.Malformed;
    }

    private static bool DecodeRest(ref PacketReader reader, ConnectPacket packet, bool strict)
    {
        var flags = reader.Byte();
        bool hasUsername = (flags & 0x80) != 0, hasPassword = (flags & 0x40) != 0, hasWill = (flags & 0x04) != 0;
        packet.CleanStart = (flags & 0x02) != 0;
        packet.KeepAlive = reader.UInt16();
        if ((flags & 1) != 0 || !WillFlagsAgree(flags, hasWill) || (strict && !packet.IsV5 && hasPassword && !hasUsername))
            return false;
        if (packet.IsV5 && !ReadProperties(ref reader, packet))
            return false;

        packet.ClientId = reader.Text();
        if (hasWill && !ReadWill(ref reader, packet, flags))
            return false;
        if (hasUsername)
            packet.Username = reader.Text();
        if (hasPassword)
            packet.Password = reader.Binary().ToArray();
        return !reader.Failed && reader.AtEnd && !(strict && reader.BadText);
    }

    private static bool WillFlagsAgree(byte flags, bool hasWill) => hasWill ? (flags >> 3 & 3) != 3 : (flags & 0x38) == 0;

    private static bool ReadProperties(ref PacketReader reader, ConnectPacket packet)
    {
        var properties = new Properties();
        if (!properties.Read(ref reader, PropertyScope.Connect, packet.UserProperties))
        {
            packet.Fault = properties.KnownFault;
            return false;
        }

        if (properties is { AuthenticationData: not null, AuthenticationMethod: null })
        {
            packet.Fault = ReasonCode.ProtocolError;
            return false;
        }

        packet.SessionExpiryInterval = properties.SessionExpiryInterval ?? 0;
        packet.ReceiveMaximum = properties.ReceiveMaximum;
        packet.TopicAliasMaximum = properties.TopicAliasMaximum ?? 0;
        packet.MaximumPacketSize = properties.MaximumPacketSize;
        packet.RequestResponseInformation = properties.RequestResponseInformation == 1;
        packet.RequestProblemInformation = properties.RequestProblemInformation != 0;
        packet.AuthenticationMethod = properties.AuthenticationMethod;
        packet.AuthenticationData = properties.AuthenticationData ?? [];
        return true;
    }

    private static bool ReadWill(ref PacketReader reader, ConnectPacket packet, byte flags)
    {
        var will = packet.Will = new Will { Qos = (byte)(flags >> 3 & 3), Retain = (flags & 0x20) != 0 };
        if (packet.IsV5)
        {
            var properties = new Properties();
            if (!properties.Read(ref reader, PropertyScope.Will))
            {
                packet.Fault = properties.KnownFault;
                return false;
            }

            will.DelayInterval = properties.WillDelayInterval ?? 0;
            will.MessageExpiryInterval = properties.MessageExpiryInterval;
            will.Properties = properties.Forwarded.ToArray();
        }

        will.Topic = reader.Text();
        will.Payload = reader.Binary().ToArray();
        return !reader.Failed;
    }
}
