using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Emqx.Broker.Clients;
using Emqx.Broker.Mqtt;
using Emqx.Broker.Settings;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Mqtt;

/// <summary>Listeners behind a load balancer that tells who comes.</summary>
public sealed class ProxyProtocolTests : IAsyncLifetime
{
    private static readonly byte[] s_line = "PROXY TCP4 10.1.2.3 10.9.9.9 5000 1883\r\n"u8.ToArray();
    private static readonly byte[] s_unknown = "PROXY UNKNOWN\r\n"u8.ToArray();
    private static readonly byte[] s_binary = Convert.FromHexString("0D0A0D0A000D0A515549540A" + "21110013" + "0A0102030A0909091388075B" + "04000400000000");

    /// <summary>The common name dev1, the authority b.io.</summary>
    private static readonly byte[] s_withName = Convert.FromHexString(
        "0D0A0D0A000D0A515549540A" + "21110022" + "0A0102030A0909091388075B" + "200" + "00C" + "0700000000" + "22000464657631" + "020004622E696F");

    private TestBroker _broker = null!;

    public async ValueTask InitializeAsync() => _broker = await TestBroker.StartAsync();

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    private Task<IPEndPoint> ListenAsync(ListenerType type, long timeout = 60_000, string rule = "allow all") => _broker.ListenAsync(new ListenerSettings
    {
        Type = type, Name = Unique.Name("p"), Bind = TestBroker.Loopback, ProxyProtocol = true, ProxyProtocolTimeout = timeout, AccessRules = [rule],
    });

    private static async Task<NetworkStream> OpenAsync(IPEndPoint to)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(to, TestContext.Current.CancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static async Task<RawMqttClient> OpenAsync(IPEndPoint to, ListenerType type, byte[] header)
    {
        Stream stream = await OpenAsync(to);
        await stream.WriteAsync(header, TestContext.Current.CancellationToken);
        if (type is ListenerType.Ssl or ListenerType.Wss)
        {
            var secure = new SslStream(stream, leaveInnerStreamOpen: false, static (_, _, _, _) => true);
            await secure.AuthenticateAsClientAsync("localhost").WaitAsync(Patience.Long, TestContext.Current.CancellationToken);
            stream = secure;
        }

        if (type is not (ListenerType.Ws or ListenerType.Wss))
            return new RawMqttClient(stream, 5);
        var socket = new RawWebSocket(stream);
        await socket.UpgradeAsync();
        return new RawMqttClient(new WebSocketStream(socket), 5);
    }

    /// <summary>The reset may come before the client has seen its connection, or has written.</summary>
    private static async Task AssertRefusedAsync(IPEndPoint at, ReadOnlyMemory<byte> begin)
    {
        try
        {
            await using var stream = await OpenAsync(at);
            await stream.WriteAsync(begin, TestContext.Current.CancellationToken);
            await AssertClosedWithoutAWord(stream);
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            Assert.IsNotType<TimeoutException>(error.InnerException);
        }
    }

    private static async Task AssertClosedWithoutAWord(Stream stream)
    {
        try
        {
            Assert.Equal(0, await stream.ReadAsync(new byte[1]).AsTask().WaitAsync(Patience.Long, TestContext.Current.CancellationToken));
        }
        catch (IOException)
        {
            // A reset is an end, too.
        }
    }

    [Theory, InlineData("Tcp", true), InlineData("Tcp", false), InlineData("Ssl", true), InlineData("Ssl", false)]
    [InlineData("Ws", true), InlineData("Ws", false), InlineData("Wss", true), InlineData("Wss", false)]
    public async Task The_peer_is_the_one_that_is_told(string kind, bool isBinary)
    {
        var type = Enum.Parse<ListenerType>(kind);
        await using var client = await OpenAsync(await ListenAsync(type), type, isBinary ? s_binary : s_line);
        await client.ConnectAsync(new ConnectOptions { ClientId = "told" });
        using var page = await _broker.Get<IClientDirectory>().ListAsync(new ClientFilter { Address = IPAddress.Parse("10.1.2.3") }, 1, 10, default);
        Assert.Equal(("told", 5000), (page[0].View.Client.ClientId, page[0].View.Client.PeerPort));
    }

    [Theory, InlineData("Tcp"), InlineData("Ws")]
    public async Task A_header_without_a_peer_leaves_the_socket_s(string kind)
    {
        var type = Enum.Parse<ListenerType>(kind);
        await using var client = await OpenAsync(await ListenAsync(type), type, s_unknown);
        await client.ConnectAsync(new ConnectOptions { ClientId = "own" });
        using var page = await _broker.Get<IClientDirectory>().ListAsync(new ClientFilter { Address = IPAddress.Loopback }, 1, 10, default);
        Assert.Equal("own", page[0].View.Client.ClientId);
    }

    [Theory, InlineData("Tcp"), InlineData("Ssl"), InlineData("Ws"), InlineData("Wss")]
    public async Task Without_a_header_the_connection_is_closed_without_a_word(string kind)
    {
        await using var stream = await OpenAsync(await ListenAsync(Enum.Parse<ListenerType>(kind)));
        await stream.WriteAsync("GET /mqtt HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        await AssertClosedWithoutAWord(stream);
    }

    [Theory, InlineData("Tcp"), InlineData("Ssl"), InlineData("Ws"), InlineData("Wss")]
    public async Task A_header_that_does_not_end_in_time_is_not_waited_for(string kind)
    {
        await AssertRefusedAsync(await ListenAsync(Enum.Parse<ListenerType>(kind), timeout: 50), s_line.AsMemory(0, 20));
    }

    [Theory]
    [InlineData("Tcp", "deny 127.0.0.1", false)]
    [InlineData("Ws", "deny 127.0.0.1", false)]
    [InlineData("Tcp", "allow 127.0.0.1", true)]
    public async Task A_rule_of_the_listener_concerns_the_proxy_and_nothing_that_anybody_can_claim_in_its_place(string kind, string rule, bool isAllowed)
    {
        var at = await ListenAsync(Enum.Parse<ListenerType>(kind), rule: rule);
        if (!isAllowed)
        {
            await AssertRefusedAsync(at, s_line);
            return;
        }

        await using var stream = await OpenAsync(at);
        await stream.WriteAsync(s_line, TestContext.Current.CancellationToken);
        await using var client = new RawMqttClient(stream, 5);
        Assert.Equal(0, (await client.ConnectAsync(new ConnectOptions())).ReasonCode);
    }

    [Fact]
    public async Task A_header_may_come_byte_by_byte_and_with_what_follows()
    {
        await using var slow = await OpenAsync(await ListenAsync(ListenerType.Tcp));
        foreach (var one in s_binary)
            await slow.WriteAsync(new[] { one }, TestContext.Current.CancellationToken);
        await using var client = new RawMqttClient(slow, 5);
        Assert.Equal(0, (await client.ConnectAsync(new ConnectOptions())).ReasonCode);
        await using var quick = await OpenAsync(await ListenAsync(ListenerType.Tcp));
        await quick.WriteAsync((byte[])[.. s_line, .. new ConnectOptions().ToPacket().ToArray()], TestContext.Current.CancellationToken);
        await using var other = new RawMqttClient(quick, 5);
        Assert.Equal(0, (await other.ExpectAsync(PacketType.Connack)).ReasonCode);
    }

    [Theory, InlineData("Tcp", "cn", "dev1"), InlineData("Tcp", "dn", "dev1"), InlineData("Ws", "cn", "dev1"), InlineData("Ssl", "cn", "own"), InlineData("Tcp", "pem", "own")]
    public async Task The_common_name_that_a_proxy_tells_is_the_certificate_s_where_the_client_s_tls_ends_at_the_proxy(string kind, string what, string clientId)
    {
        _broker.Configure(mqtt => mqtt with { PeerCertAsClientId = what, PeerCertAsUsername = what });
        var type = Enum.Parse<ListenerType>(kind);
        await using var client = await OpenAsync(await ListenAsync(type), type, s_withName);
        await client.ConnectAsync(new ConnectOptions { ClientId = "own", Username = "own" });
        using var page = await _broker.Get<IClientDirectory>().ListAsync(new ClientFilter { Address = IPAddress.Parse("10.1.2.3") }, 1, 10, default);
        Assert.Equal((clientId, clientId), (page[0].View.Client.ClientId, page[0].View.Client.Username));
        Assert.Equal(type == ListenerType.Ssl ? "localhost" : "b.io", page[0].View.Client.PeerSni);
    }

    [Theory, InlineData("Tcp"), InlineData("Ws")]
    public async Task A_header_as_long_as_can_be_is_taken_and_one_of_broken_fields_ends_the_connection(string kind)
    {
        var type = Enum.Parse<ListenerType>(kind);
        var at = await ListenAsync(type);
        byte[] begin = Convert.FromHexString("0D0A0D0A000D0A515549540A" + "2111FFFF" + "0A0102030A0909091388075B");
        await using var client = await OpenAsync(at, type, [.. begin, 0xE0, 0xFF, 0xF0, .. new byte[0xFFF0]]);
        Assert.Equal(0, (await client.ConnectAsync(new ConnectOptions())).ReasonCode);
        await AssertRefusedAsync(at, (byte[])[.. begin, 0xE0, 0xFF, 0xF1, .. new byte[0xFFF0]]);
        await Eventually.TrueAsync(() => _broker.Get<PacketHandlers>().Unfinished.Held == 0, "what was held of them is given back");
    }
}
