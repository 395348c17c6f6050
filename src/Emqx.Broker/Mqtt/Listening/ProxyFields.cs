using System.Buffers.Binary;
using System.Text;

namespace Emqx.Broker.Mqtt.Listening;

/// <summary>What stands behind the addresses in a header of the proxy protocol, version 2: fields of type, length and value. Most are passed over.</summary>
internal static class ProxyFields
{
    private const byte Authority = 0x02;
    private const byte Ssl = 0x20;
    private const byte SslCommonName = 0x22;
    private const int HeadLength = 3;
    private const int SslHeadLength = 5; // what the client has shown, and whether the proxy has verified it

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Adds to a peer what the fields tell of it. False: they do not end where the header does, or a name is no text.</summary>
    public static bool TryRead(ReadOnlySpan<byte> fields, ProxiedPeer of, out ProxiedPeer? peer)
    {
        peer = null;
        while (!fields.IsEmpty)
        {
            if (!TryTake(ref fields, out var type, out var value))
                return false;
            if (type == Authority && !TryAdd(value, ref of, static (to, name) => to with { ServerName = to.ServerName ?? name }))
                return false;
            if (type == Ssl && !TryReadSsl(value, ref of))
                return false;
        }

        peer = of;
        return true;
    }

    private static bool TryReadSsl(ReadOnlySpan<byte> value, ref ProxiedPeer peer)
    {
        if (value.Length < SslHeadLength)
            return false;
        for (var fields = value[SslHeadLength..]; !fields.IsEmpty;)
        {
            if (!TryTake(ref fields, out var type, out var text))
                return false;
            if (type == SslCommonName && !TryAdd(text, ref peer, static (to, name) => to with { CommonName = to.CommonName ?? name }))
                return false;
        }

        return true;
    }

    private static bool TryTake(ref ReadOnlySpan<byte> fields, out byte type, out ReadOnlySpan<byte> value)
    {
        type = fields[0];
        value = default;
        if (fields.Length < HeadLength || BinaryPrimitives.ReadUInt16BigEndian(fields[1..]) is var length && fields.Length - HeadLength < length)
            return false;
        value = fields.Slice(HeadLength, length);
        fields = fields[(HeadLength + length)..];
        return true;
    }

    private static bool TryAdd(ReadOnlySpan<byte> text, ref ProxiedPeer peer, Func<ProxiedPeer, string, ProxiedPeer> add)
    {
        try
        {
            if (!text.IsEmpty)
                peer = add(peer, s_strict.GetString(text));
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
