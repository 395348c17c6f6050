using System.Text;
using Emqx.Broker.Mqtt.Listening;
using Xunit;

namespace Emqx.Broker.Tests.Mqtt;

/// <summary>Headers of the proxy protocol, byte by byte.</summary>
public sealed class ProxyHeaderTests
{
    private const string Signature = "0D0A0D0A000D0A515549540A";
    private const string Four = "0A0102030A0909091770075B";
    private const string Six = "20010DB8000000000000000000000007" + "20010DB8000000000000000000000001" + "1B58075B";

    /// <summary>Feeds it as a connection would, never more bytes than are asked for.</summary>
    private static (string State, int Length, string? Peer) Read(byte[] bytes)
    {
        for (var have = 0; ;)
        {
            var state = ProxyHeader.Read(bytes.AsSpan(0, have), out var length, out var peer);
            Assert.InRange(length, 1, ProxyHeader.MaxLength);
            if (state != ProxyHeaderState.Incomplete || have == bytes.Length)
                return (state.ToString(), state == ProxyHeaderState.Good ? length : 0, Show(peer));
            Assert.True(length > have);
            have = Math.Min(length, bytes.Length);
        }
    }

    private static string? Show(ProxiedPeer? peer) => peer is null ? null
        : string.Join(' ', new[] { peer.EndPoint?.ToString(), peer.ServerName, peer.CommonName }.Where(static part => part is not null)) is { Length: > 0 } shown ? shown : null;

    private static byte[] Binary(string hex) => Convert.FromHexString(Signature + hex.Replace(" ", "", StringComparison.Ordinal));

    [Theory]
    [InlineData("PROXY TCP4 10.1.2.3 10.9.9.9 5000 1883", "10.1.2.3:5000"), InlineData("PROXY TCP4 1.1.1.1 1.1.1.1 0 0", "1.1.1.1:0")]
    [InlineData("PROXY TCP6 2001:db8::7 2001:db8::1 7000 1883", "[2001:db8::7]:7000"), InlineData("PROXY TCP6 ::ffff:10.1.2.3 ::1 1 2", "10.1.2.3:1")]
    [InlineData("PROXY UNKNOWN", null), InlineData("PROXY UNKNOWN whatever it says", null)]
    public void A_line_tells_the_peer_and_nothing_behind_it_is_taken(string line, string? peer)
    {
        var header = Encoding.Latin1.GetBytes(line + "\r\n");
        Assert.Equal(("Good", header.Length, peer), Read(header));
        Assert.Equal(("Good", header.Length, peer), Read([.. header, 0x10, 0x0A, 0x0D]));
        for (var i = 0; i < header.Length; i++)
            Assert.Equal("Incomplete", Read(header[..i]).State);
    }

    [Theory]
    [InlineData("PROXY TCP4 10.1.2.3 10.9.9.9 5000\r\n"), InlineData("PROXY TCP4 10.1.2.3 10.9.9.9 5000 1883 \r\n"), InlineData("PROXY TCP4  10.1.2.3 10.9.9.9 5000 1883\r\n")]
    [InlineData("PROXY TCP4 10.1.2.3 10.9.9.9 65536 1883\r\n"), InlineData("PROXY TCP4 10.1.2.3 10.9.9.9 -1 1883\r\n"), InlineData("PROXY TCP4 10.1.2 10.9.9.9 1 1883\r\n")]
    [InlineData("PROXY TCP4 0x7f.1.1.1 10.9.9.9 1 1883\r\n"), InlineData("PROXY TCP4 ::1 ::1 1 1883\r\n"), InlineData("PROXY TCP6 1.1.1.1 ::1 1 1883\r\n")]
    [InlineData("PROXY TCP6 [::1] ::1 1 1883\r\n"), InlineData("PROXY TCP6 fe80::1%2 ::1 1 1883\r\n"), InlineData("PROXY TCP4 10.1.2.3 10.9.9.9 5000 1883\n")]
    [InlineData("PROXY UNKNOWNS\r\n"), InlineData("PROXY UDP4 1.1.1.1 1.1.1.1 1 1\r\n"), InlineData("PROXY \r\n"), InlineData("PROXY\r\n"), InlineData("proxy UNKNOWN\r\n"), InlineData("GET / HTTP/1.1\r\n")]
    public void A_wrong_line_is_bad(string line) => Assert.Equal("Bad", Read(Encoding.Latin1.GetBytes(line.PadRight(line.Length + 16, '\n'))).State);

    [Theory, InlineData(107, "Good"), InlineData(108, "Bad")]
    public void A_line_has_at_most_107_bytes(int length, string state) =>
        Assert.Equal(state, Read(Encoding.Latin1.GetBytes("PROXY UNKNOWN ".PadRight(length - 2, 'x') + "\r\n")).State);

    [Theory]
    [InlineData("21 11 000C" + Four, "10.1.2.3:6000"), InlineData("21 12 000C" + Four, "10.1.2.3:6000"), InlineData("21 21 0024" + Six, "[2001:db8::7]:7000")]
    [InlineData("21 11 0013" + Four + "04 0004 00000000", "10.1.2.3:6000"), InlineData("20 00 0000", null), InlineData("20 11 000C" + Four, null)]
    [InlineData("21 00 0000", null), InlineData("21 00 0003 040000", null), InlineData("21 31 0001 00", null)]
    public void Bytes_tell_the_peer_and_nothing_behind_them_is_taken(string hex, string? peer)
    {
        var header = Binary(hex);
        Assert.Equal(("Good", header.Length, peer), Read(header));
        Assert.Equal(("Good", header.Length, peer), Read([.. header, 0x10, 0x0A]));
        for (var i = 0; i < header.Length; i++)
            Assert.Equal("Incomplete", Read(header[..i]).State);
    }

    [Theory, InlineData("11 11 000C" + Four), InlineData("22 11 000C" + Four), InlineData("21 41 000C" + Four), InlineData("21 13 000C" + Four)]
    [InlineData("21 21 000C" + Four), InlineData("21 11 000B 0A0102030A090909177007"), InlineData("21 11 0000")]
    [InlineData("21 11 000D" + Four + "04"), InlineData("21 11 000E" + Four + "0400"), InlineData("21 11 000F" + Four + "040001"), InlineData("21 21 0028" + Six + "04000200")]
    [InlineData("21 11 0013" + Four + "20 0004 00000000"), InlineData("21 11 0017" + Four + "20 0008 0700000000 220001"), InlineData("21 11 0010" + Four + "02 0001 FF")]
    public void Wrong_bytes_are_bad(string hex) => Assert.Equal("Bad", Read(Binary(hex)).State);

    [Theory]
    [InlineData("21 11 001B" + Four + "20 000C 0700000000 22 0004 64657631", "10.1.2.3:6000 dev1"), InlineData("21 11 0013" + Four + "02 0004 622E696F", "10.1.2.3:6000 b.io")]
    [InlineData("21 11 002B" + Four + "EE 0001 00 04 0000 02 0001 62 20 0011 0700000000 21 0002 5456 22 0004 64657631", "10.1.2.3:6000 b dev1")]
    [InlineData("20 11 000D" + Four + "04", null), InlineData("21 11 0017" + Four + "20 0008 0700000000 220000", "10.1.2.3:6000"), InlineData("21 21 0027" + Six + "040000", "[2001:db8::7]:7000")]
    public void Fields_tell_the_name_in_the_client_s_certificate_and_the_host_that_it_wants(string hex, string? peer) =>
        Assert.Equal(("Good", Binary(hex).Length, peer), Read(Binary(hex)));

    [Fact]
    public void The_longest_header_is_taken()
    {
        byte[] fields = [0xE0, 0xFF, 0xF0, .. new byte[0xFFF0]];
        Assert.Equal(("Good", ProxyHeader.MaxLength, "10.1.2.3:6000"), Read([.. Binary("21 11 FFFF" + Four), .. fields]));
    }

    [Fact]
    public void Another_beginning_is_bad_at_once()
    {
        Assert.Equal("Bad", Read([0x10]).State);
        Assert.Equal("Bad", Read("\r\n\r\n\0\r\nQUIX"u8.ToArray()).State);
    }
}
