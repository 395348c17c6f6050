using System.Text;

namespace Emqx.TestKit.Mqtt;

/// <summary>Well-formed packets that a client sends.</summary>
public static class Packets
{
    public static readonly byte[] Ping = [0xC0, 0];

    public static byte[] Publish(byte version, string topic, byte[] payload, int qos = 0, int id = 0, bool retain = false, bool dup = false,
        PropertyList? properties = null)
    {
        var body = new PacketWriter().Text(topic);
        if (qos > 0)
            body.Short(id);
        if (version == 5)
            body.Raw((properties ?? []).Encode());
        return body.Raw(payload).ToPacket(PacketType.Publish, (dup ? 8 : 0) | qos << 1 | (retain ? 1 : 0));
    }

    public static byte[] Publish(byte version, string topic, string payload, int qos = 0, int id = 0, bool retain = false, bool dup = false,
        PropertyList? properties = null) => Publish(version, topic, Encoding.UTF8.GetBytes(payload), qos, id, retain, dup, properties);

    /// <summary>PUBACK, PUBREC, PUBREL or PUBCOMP in its shortest form.</summary>
    public static byte[] Ack(PacketType type, int id) => new PacketWriter().Short(id).ToPacket(type, type == PacketType.Pubrel ? 2 : 0);

    /// <summary>PUBACK, PUBREC, PUBREL or PUBCOMP of MQTT 5 with a reason code.</summary>
    public static byte[] Ack(PacketType type, int id, byte reason) =>
        new PacketWriter().Short(id).Byte(reason).ToPacket(type, type == PacketType.Pubrel ? 2 : 0);

    public static byte[] Subscribe(byte version, int id, PropertyList? properties, params (string Filter, byte Options)[] filters)
    {
        var body = new PacketWriter().Short(id);
        if (version == 5)
            body.Raw((properties ?? []).Encode());
        foreach (var (filter, options) in filters)
            body.Text(filter).Byte(options);
        return body.ToPacket(PacketType.Subscribe, 2);
    }

    public static byte[] Unsubscribe(byte version, int id, params string[] filters)
    {
        var body = new PacketWriter().Short(id);
        if (version == 5)
            body.Byte(0);
        foreach (var filter in filters)
            body.Text(filter);
        return body.ToPacket(PacketType.Unsubscribe, 2);
    }

    public static byte[] Disconnect(byte version, byte reason = 0, PropertyList? properties = null) => version == 5 && (reason != 0 || properties is not null)
        ? new PacketWriter().Byte(reason).Raw((properties ?? []).Encode()).ToPacket(PacketType.Disconnect)
        : [0xE0, 0];
}
