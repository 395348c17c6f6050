using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Emqx.Broker.Mqtt.Codec;

/// <summary>
/// Reads the fields of one packet's body. A read past the end yields zeros and marks the reader as failed, so that a
/// decoder reads straight through and asks once; no exception is thrown for anything a peer sends.
/// </summary>
internal ref struct PacketReader(ReadOnlySpan<byte> body)
{
    private readonly ReadOnlySpan<byte> _body = body;
    private int _at;

    /// <summary>Something did not fit.</summary>
    public bool Failed { get; private set; }

    /// <summary>A string was no UTF-8 or held U+0000 (MQTT 5, 1.5.4).</summary>
    public bool BadText { get; private set; }

    public readonly int Position => _at;
    public readonly bool AtEnd => _at >= _body.Length;
    public readonly ReadOnlySpan<byte> Rest => _body[_at..];

    public byte Byte()
    {
        if (_at >= _body.Length)
        {
            Failed = true;
            return 0;
        }

        return _body[_at++];
    }

    public ushort UInt16()
    {
        var bytes = Take(2);
        return bytes.IsEmpty ? (ushort)0 : BinaryPrimitives.ReadUInt16BigEndian(bytes);
    }

    public uint UInt32()
    {
        var bytes = Take(4);
        return bytes.IsEmpty ? 0 : BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    /// <summary>A variable byte integer (1.5.5), at most four bytes.</summary>
    public uint VariableInt()
    {
        uint value = 0;
        for (var shift = 0; shift < 28; shift += 7)
        {
            var digit = Byte();
            value |= (uint)(digit & 0x7F) << shift;
            if ((digit & 0x80) == 0)
                return value;
        }

        Failed = true;
        return 0;
    }

    /// <summary>Length-prefixed bytes.</summary>
    public ReadOnlySpan<byte> Binary() => Take(UInt16(), allowEmpty: true);

    /// <summary>A length-prefixed text. Bytes that are no UTF-8 become replacement characters and set <see cref="BadText"/>.</summary>
    public string Text()
    {
        var bytes = Binary();
        if (!IsGoodText(bytes))
            BadText = true;
        return Encoding.UTF8.GetString(bytes);
    }

    public static bool IsGoodText(ReadOnlySpan<byte> bytes) => !bytes.Contains((byte)0) && Utf8.IsValid(bytes);

    /// <summary>The next <paramref name="count"/> bytes; fails when there are fewer.</summary>
    public ReadOnlySpan<byte> Take(int count, bool allowEmpty = false)
    {
        if (Failed || count > _body.Length - _at || (count == 0 && !allowEmpty))
        {
            Failed = true;
            _at = _body.Length;
            return default;
        }

        var bytes = _body.Slice(_at, count);
        _at += count;
        return bytes;
    }
}
