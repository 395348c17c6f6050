using System.Text;

namespace Emqx.TestKit.Mqtt;

/// <summary>Writes the data types of MQTT (MQTT 5, 1.5), also wrong ones.</summary>
public sealed class PacketWriter
{
    private readonly List<byte> _bytes = [];

    public PacketWriter Byte(byte value)
    {
        _bytes.Add(value);
        return this;
    }

    public PacketWriter Short(int value) => Byte((byte)(value >> 8)).Byte((byte)value);

    public PacketWriter Int(uint value) => Short((int)(value >> 16)).Short((int)(value & 0xFFFF));

    public PacketWriter VarInt(uint value)
    {
        while (value > 127)
        {
            Byte((byte)(value & 127 | 128));
            value >>= 7;
        }

        return Byte((byte)value);
    }

    public PacketWriter Text(string value) => Binary(Encoding.UTF8.GetBytes(value));

    /// <summary>Bytes with their length in front.</summary>
    public PacketWriter Binary(ReadOnlySpan<byte> value) => Short(value.Length).Raw(value);

    /// <summary>Bytes as they are.</summary>
    public PacketWriter Raw(ReadOnlySpan<byte> value)
    {
        _bytes.AddRange(value);
        return this;
    }

    public byte[] ToArray() => [.. _bytes];

    /// <summary>What was written as the body of a packet.</summary>
    public byte[] ToPacket(byte first) => new PacketWriter().Byte(first).VarInt((uint)_bytes.Count).Raw(ToArray()).ToArray();

    /// <summary>What was written as the body of a packet of that type.</summary>
    public byte[] ToPacket(PacketType type, int flags = 0) => ToPacket((byte)((int)type << 4 | flags));
}
