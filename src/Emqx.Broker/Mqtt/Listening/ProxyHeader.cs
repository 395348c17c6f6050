using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Mqtt.Listening;

/// <summary>What the bytes that came so far are.</summary>
internal enum ProxyHeaderState
{
    Incomplete,
    Bad,
    Good,
}

/// <summary>For whom a proxy says that it comes.</summary>
/// <param name="EndPoint">Normalized; null where the connection is the proxy's own or of a kind without addresses.</param>
internal sealed record ProxiedPeer(IPEndPoint? EndPoint)
{
    /// <summary>The name that the client has asked for (PP2_TYPE_AUTHORITY).</summary>
    public string? ServerName { get; init; }

    /// <summary>The common name in the certificate that the client has shown to the proxy (PP2_SUBTYPE_SSL_CN).</summary>
    public string? CommonName { get; init; }
}

/// <summary>The header of the proxy protocol, versions 1 and 2, that a load balancer sends in front of everything.</summary>
internal static class ProxyHeader
{
    /// <summary>Bytes of the longest header that is taken.</summary>
    public const int MaxLength = FixedLength + ushort.MaxValue;

    /// <summary>Bytes that tell at the most how long a header is.</summary>
    public const int MaxLine = 107;

    private const int ShortestLine = 15;
    private const int FixedLength = 16;
    private static readonly ProxiedPeer s_none = new((IPEndPoint?)null);

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    private static ReadOnlySpan<byte> Word => "PROXY "u8;

    /// <summary>
    /// Looks at the first bytes of a connection. <paramref name="length"/> is that of a good header; of an incomplete one the bytes that
    /// belong to it at the least, so that nothing behind it is taken. <paramref name="peer"/> is set with a good one.
    /// </summary>
    public static ProxyHeaderState Read(ReadOnlySpan<byte> bytes, out int length, out ProxiedPeer? peer)
    {
        peer = null;
        length = ShortestLine;
        if (bytes.IsEmpty)
            return ProxyHeaderState.Incomplete;
        return bytes[0] == Word[0] ? ReadLine(bytes, out length, out peer) : ReadBinary(bytes, out length, out peer);
    }

    private static ProxyHeaderState ReadLine(ReadOnlySpan<byte> bytes, out int length, out ProxiedPeer? peer)
    {
        peer = null;
        length = Math.Max(ShortestLine, bytes.Length + 1);
        if (!Begins(bytes, Word))
            return ProxyHeaderState.Bad;
        var end = bytes[..Math.Min(bytes.Length, MaxLine)].IndexOf((byte)'\n');
        if (end < 0)
            return bytes.Length < MaxLine ? ProxyHeaderState.Incomplete : ProxyHeaderState.Bad;
        if (end <= Word.Length || bytes[end - 1] != '\r')
            return ProxyHeaderState.Bad;
        length = end + 1;
        var said = bytes[Word.Length..(end - 1)];
        if (said.SequenceEqual("UNKNOWN"u8) || said.StartsWith("UNKNOWN "u8))
        {
            peer = s_none;
            return ProxyHeaderState.Good;
        }

        return TryReadPeer(Encoding.Latin1.GetString(said).Split(' '), out peer) ? ProxyHeaderState.Good : ProxyHeaderState.Bad;
    }

    private static bool TryReadPeer(string[] words, out ProxiedPeer? peer)
    {
        peer = null;
        if (words.Length != 5 || words[0] is not ("TCP4" or "TCP6"))
            return false;
        var isSix = words[0] == "TCP6";
        if (!TryReadAddress(words[1], isSix, out var address) || !TryReadAddress(words[2], isSix, out _)
            || !TryReadPort(words[3], out var port) || !TryReadPort(words[4], out _))
            return false;
        peer = new ProxiedPeer(new IPEndPoint(address, port).Normalize());
        return true;
    }

    // The runtime takes more forms of an address than there are here: 1, 0x7f.1, [::1], ::1%2.
    private static bool TryReadAddress(string text, bool isSix, out IPAddress address)
    {
        if (!IPAddress.TryParse(text, out address!))
            return false;
        return isSix
            ? address.AddressFamily == AddressFamily.InterNetworkV6 && text.AsSpan().IndexOfAny('[', '%') < 0
            : address.AddressFamily == AddressFamily.InterNetwork && address.ToString() == text;
    }

    private static bool TryReadPort(string text, out ushort port) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port);

    private static ProxyHeaderState ReadBinary(ReadOnlySpan<byte> bytes, out int length, out ProxiedPeer? peer)
    {
        peer = null;
        length = FixedLength;
        if (!Begins(bytes, Signature))
            return ProxyHeaderState.Bad;
        if (bytes.Length < FixedLength)
            return ProxyHeaderState.Incomplete;
        var body = BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]);
        if (bytes[12] is not (0x20 or 0x21))
            return ProxyHeaderState.Bad;
        length = FixedLength + body;
        if (bytes.Length < length)
            return ProxyHeaderState.Incomplete;
        // 0x20 is LOCAL, a health check of the proxy's: whatever it says of addresses is not to be looked at.
        if (bytes[12] == 0x20)
            peer = s_none;
        return peer is not null || TryReadPeer(bytes[13], bytes[FixedLength..length], out peer) ? ProxyHeaderState.Good : ProxyHeaderState.Bad;
    }

    private static bool TryReadPeer(byte kind, ReadOnlySpan<byte> body, out ProxiedPeer? peer)
    {
        var (family, protocol) = (kind >> 4, kind & 15);
        peer = family is 0 or 3 || protocol == 0 ? s_none : null; // unspecified, or of the machine's own sockets
        if (family > 3 || protocol > 2)
            return false;
        if (peer is not null)
            return true;
        var size = family == 1 ? 4 : 16;
        var addresses = (2 * size) + 4;
        if (body.Length < addresses)
            return false;
        var end = new IPEndPoint(new IPAddress(body[..size]), BinaryPrimitives.ReadUInt16BigEndian(body[(2 * size)..])).Normalize();
        return ProxyFields.TryRead(body[addresses..], new ProxiedPeer(end), out peer);
    }

    private static bool Begins(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> with) =>
        bytes.Length < with.Length ? with.StartsWith(bytes) : bytes.StartsWith(with);
}
