using System.Text;

namespace Emqx.TestKit.Mqtt;

/// <summary>Reads the data types of MQTT; throws <see cref="InvalidDataException"/> behind the end.</summary>
internal sealed class PacketReader(ReadOnlyMemory<byte> bytes)
{
    public int At { get; private set; }

    public bool HasMore => At < bytes.Length;

    public byte Byte() => Take(1)[0];

    public ushort Short() => (ushort)(Byte() << 8 | Byte());

    public uint Int() => (uint)Short() << 16 | Short();

    public uint VarInt()
    {
        uint value = 0;
        for (var shift = 0; shift < 28; shift += 7)
        {
            var digit = Byte();
            value |= (uint)(digit & 127) << shift;
            if (digit < 128)
                return value;
        }

        throw new InvalidDataException("variable byte integer of more than four bytes");
    }

    public byte[] Binary() => Take(Short()).ToArray();

    public string Text() => Encoding.UTF8.GetString(Take(Short()));

    public byte[] Rest() => Take(bytes.Length - At).ToArray();

    private ReadOnlySpan<byte> Take(int count)
    {
        if (At + count > bytes.Length)
            throw new InvalidDataException("packet too short");
        At += count;
        return bytes.Span.Slice(At - count, count);
    }
}
