using Emqx.Broker.Protocol;

namespace Emqx.Broker.Mqtt.Codec;

/// <summary>A SUBSCRIBE or UNSUBSCRIBE as it came; options are 0 for the latter.</summary>
internal sealed class SubscribePacket
{
    public ushort PacketId;
    public uint SubscriptionIdentifier;
    public List<(string Filter, SubscriptionOptions Options)> Filters = [];

    /// <summary>Decodes SUBSCRIBE (3.8) or UNSUBSCRIBE (3.10). Success, or the reason code that ends the connection.</summary>
    public static byte Decode(byte header, ReadOnlySpan<byte> body, bool v5, bool strict, out SubscribePacket packet)
    {
        packet = new SubscribePacket();
        var isSubscribe = header >> 4 == (int)MQTTnet.Protocol.MqttControlPacketType.Subscribe;
        if (strict && (header & 0x0F) != 2)
            return ReasonCode.MalformedPacket;
        var reader = new PacketReader(body);
        packet.PacketId = reader.UInt16();
        if (reader.Failed || (strict && packet.PacketId == 0))
            return ReasonCode.MalformedPacket;
        if (v5)
        {
            var properties = new Properties();
            if (!properties.Read(ref reader, isSubscribe ? PropertyScope.Subscribe : PropertyScope.Unsubscribe))
                return ReasonCode.MalformedPacket;
            packet.SubscriptionIdentifier = properties.SubscriptionIdentifier ?? 0;
        }

        return packet.ReadFilters(ref reader, isSubscribe, v5);
    }

    private byte ReadFilters(ref PacketReader reader, bool isSubscribe, bool v5)
    {
        while (!reader.AtEnd)
        {
            var filter = reader.Text();
            var options = isSubscribe ? reader.Byte() : (byte)0;
            if (reader.Failed)
                return ReasonCode.MalformedPacket;
            if (reader.BadText)
                return ReasonCode.TopicFilterInvalid;
            var qos = (byte)(options & 3);
            // The options byte has reserved bits; MQTT 3 has nothing but the QoS (3.8.3.1).
            if (qos == 3 || (options & 0xC0) != 0 || (v5 ? (options & 0x30) == 0x30 : (options & 0xFC) != 0))
                return ReasonCode.MalformedPacket;
            Filters.Add((filter, new SubscriptionOptions(qos, (options & 4) != 0, (options & 8) != 0, (byte)(options >> 4 & 3), SubscriptionIdentifier)));
        }

        return Filters.Count == 0 ? ReasonCode.TopicFilterInvalid : ReasonCode.Success;
    }
}
