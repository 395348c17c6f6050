using Emqx.Broker.Protocol;

namespace Emqx.Broker.Mqtt.Codec;

/// <summary>A SUBSCRIBE or UNSUBSCRIBE as it came; options are 0 for the latter.</summary>
internal sealed class SubscribePacket
{
    public ushort PacketId;
    public uint SubscriptionIdentifier;
    public List<(string Filter, SubscriptionOptions Options)> Filters = [];

    private bool _isV5;

    /// <summary>SUBSCRIBE, not UNSUBSCRIBE.</summary>
    public bool IsSubscribe { get; private init; }

    /// <summary>
    /// Decodes SUBSCRIBE (3.8) or UNSUBSCRIBE (3.10) up to its filters, which begin at <paramref name="filtersAt"/>. Success, or the
    /// reason code that ends the connection.
    /// </summary>
    public static byte Begin(byte header, ReadOnlySpan<byte> body, bool v5, bool strict, out SubscribePacket packet, out int filtersAt)
    {
        var isSubscribe = header >> 4 == (int)MQTTnet.Protocol.MqttControlPacketType.Subscribe;
        packet = new SubscribePacket { IsSubscribe = isSubscribe, _isV5 = v5 };
        filtersAt = 0;
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
                return properties.Fault;
            packet.SubscriptionIdentifier = properties.SubscriptionIdentifier ?? 0;
        }

        filtersAt = reader.Position;
        return filtersAt == body.Length ? ReasonCode.TopicFilterInvalid : ReasonCode.Success;
    }

    /// <summary>Decodes the next filters, <paramref name="most"/> of them, and moves <paramref name="at"/> behind them. Success, or what ends the connection.</summary>
    public byte ReadFilters(ReadOnlySpan<byte> body, ref int at, int most)
    {
        var reader = new PacketReader(body[at..]);
        for (var i = 0; i < most && !reader.AtEnd; i++)
        {
            var fault = ReadFilter(ref reader);
            if (fault != 0)
                return fault;
        }

        at += reader.Position;
        return ReasonCode.Success;
    }

    private byte ReadFilter(ref PacketReader reader)
    {
        var filter = reader.Text();
        var options = IsSubscribe ? reader.Byte() : (byte)0;
        if (reader.Failed)
            return ReasonCode.MalformedPacket;
        if (reader.BadText)
            return ReasonCode.TopicFilterInvalid;
        var qos = (byte)(options & 3);
        // The options byte has reserved bits; MQTT 3 has nothing but the QoS (3.8.3.1).
        if (qos == 3 || (options & 0xC0) != 0 || (_isV5 ? (options & 0x30) == 0x30 : (options & 0xFC) != 0))
            return ReasonCode.MalformedPacket;
        Filters.Add((filter, new SubscriptionOptions(qos, (options & 4) != 0, (options & 8) != 0, (byte)(options >> 4 & 3), SubscriptionIdentifier)));
        return ReasonCode.Success;
    }
}
