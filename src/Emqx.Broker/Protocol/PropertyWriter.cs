using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Emqx.Broker.Protocol;

/// <summary>Makes the MQTT 5 properties that travel with a message, as on the wire (MQTT 5, 2.2.2): what <see cref="Message.Properties"/> holds.</summary>
internal sealed class PropertyWriter
{
    private const int LongestText = ushort.MaxValue;
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>A text was longer than the 65535 bytes that MQTT has room for; it was left out.</summary>
    public bool IsTooLong { get; private set; }

    public PropertyWriter PayloadFormatIndicator(byte value) => One(0x01, value);

    public PropertyWriter ContentType(string value) => Text(0x03, value);

    public PropertyWriter ResponseTopic(string value) => Text(0x08, value);

    public PropertyWriter CorrelationData(string value) => Text(0x09, value);

    public PropertyWriter UserProperty(string name, string value)
    {
        Text(0x26, name);
        Body(value);
        return this;
    }

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    private PropertyWriter One(byte id, byte value)
    {
        _bytes.Write([id, value]);
        return this;
    }

    private PropertyWriter Text(byte id, string value)
    {
        _bytes.Write([id]);
        Body(value);
        return this;
    }

    private void Body(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        if (length > LongestText)
        {
            IsTooLong = true;
            return;
        }

        var room = _bytes.GetSpan(length + 2);
        BinaryPrimitives.WriteUInt16BigEndian(room, (ushort)length);
        Encoding.UTF8.GetBytes(value, room[2..]);
        _bytes.Advance(length + 2);
    }
}
