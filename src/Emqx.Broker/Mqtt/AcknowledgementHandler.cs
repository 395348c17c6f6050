using System.Buffers.Binary;
using Emqx.Broker.Metrics;
using Emqx.Broker.Mqtt.Codec;
using Emqx.Broker.Protocol;
using Emqx.Broker.Sessions;
using MQTTnet.Protocol;

namespace Emqx.Broker.Mqtt;

/// <summary>PUBACK, PUBREC, PUBREL and PUBCOMP (MQTT 5, 3.4 to 3.7).</summary>
internal sealed class AcknowledgementHandler(Counters counters)
{
    /// <summary>Bytes of an acknowledgement without reason code.</summary>
    public const int PlainAck = 4;

    private const int MostPlain = 256;
    private const ushort PlainHead = (PacketTypes.PubAck << 8) | 2;

    public void Handle(Connection connection, Session session, byte header, ReadOnlySpan<byte> body)
    {
        var reader = new PacketReader(body);
        var id = reader.UInt16();
        byte code = 0;
        var fault = ReasonCode.MalformedPacket;
        var good = !reader.Failed;
        if (connection.IsV5 && !reader.AtEnd)
        {
            code = reader.Byte();
            var properties = new Properties();
            good &= reader.AtEnd || properties.Read(ref reader, PropertyScope.Acknowledgement);
            fault = properties.Fault;
        }

        var type = (MqttControlPacketType)(header >> 4);
        if (connection.Settings.StrictMode)
            good &= id != 0 && (header & 0x0F) == (type == MqttControlPacketType.PubRel ? 2 : 0);
        if (!good)
        {
            connection.Close(fault, fault == ReasonCode.MalformedPacket ? "internal_error" : ReasonCode.ToName(fault));
            return;
        }

        switch (type)
        {
            case MqttControlPacketType.PubAck: PubAck(session, id); break;
            case MqttControlPacketType.PubRec: PubRec(connection, session, id, code); break;
            case MqttControlPacketType.PubRel: PubRel(connection, session, id); break;
            default: PubComp(session, id); break;
        }
    }

    /// <summary>
    /// Handles the PUBACKs that what was read begins with, as far as they are of the plain form, in one go. Returns how many packets that were;
    /// each took <see cref="PlainAck"/> bytes.
    /// </summary>
    public int HandlePlain(Session session, ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        var all = bytes;
        while (count < MostPlain && bytes.Length >= PlainAck && BinaryPrimitives.ReadUInt16BigEndian(bytes) == PlainHead
               && BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]) != 0)
        {
            count++;
            bytes = bytes[PlainAck..];
        }

        if (count == 0)
            return 0;
        counters.Add(Metric.PacketsPubackReceived, count);
        counters.Add(Metric.PacketsPubackMissed, session.PubAcks(all[..(count * PlainAck)]));
        return count;
    }

    private void PubAck(Session session, ushort id)
    {
        counters.Increment(Metric.PacketsPubackReceived);
        if (!session.PubAck(id))
            counters.Increment(Metric.PacketsPubackMissed);
    }

    private void PubRec(Connection connection, Session session, ushort id, byte code)
    {
        counters.Increment(Metric.PacketsPubrecReceived);
        var known = session.PubRec(id, code, out var release);
        if (!known)
            counters.Increment(Metric.PacketsPubrecMissed);
        if (release)
            connection.SendAck(PacketTypes.PubRel, id, known ? ReasonCode.Success : ReasonCode.PacketIdentifierNotFound);
    }

    private void PubRel(Connection connection, Session session, ushort id)
    {
        counters.Increment(Metric.PacketsPubrelReceived);
        var known = session.EndQos2(id);
        if (!known)
            counters.Increment(Metric.PacketsPubrelMissed);
        connection.SendAck(PacketTypes.PubComp, id, known ? ReasonCode.Success : ReasonCode.PacketIdentifierNotFound);
    }

    private void PubComp(Session session, ushort id)
    {
        counters.Increment(Metric.PacketsPubcompReceived);
        if (!session.PubComp(id))
            counters.Increment(Metric.PacketsPubcompMissed);
    }
}
