using System.Net;
using System.Text;
using Emqx.Broker.Hooks;
using Emqx.Broker.Settings;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Mqtt;

/// <summary>MQTT over WebSocket: handshake and frames (contract: restart_and_transports, 3).</summary>
public sealed class WebSocketTests(WebSocketTests.Listener listener) : IClassFixture<WebSocketTests.Listener>
{
    /// <summary>A broker with a ws listener of default settings.</summary>
    public sealed class Listener : IAsyncLifetime
    {
        public TestBroker Broker { get; private set; } = null!;
        public IPEndPoint Ws { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Broker = await TestBroker.StartAsync();
            Ws = await Broker.ListenAsync(Settings(new WebSocketSettings()));
        }

        public ValueTask DisposeAsync() => Broker.DisposeAsync();
    }

    private static ListenerSettings Settings(WebSocketSettings webSocket) =>
        new() { Type = ListenerType.Ws, Name = Unique.Name("w"), Bind = TestBroker.Loopback, WebSocket = webSocket };

    private readonly string _topic = Unique.Topic();

    private async Task<RawWebSocket> OpenAsync(byte version = 5, ConnectOptions? options = null)
    {
        var socket = await RawWebSocket.OpenAsync(listener.Ws);
        Assert.Equal(101, (await socket.UpgradeAsync()).Status);
        await socket.SendAsync(RawWebSocket.BinaryFrame, (options ?? new ConnectOptions { Version = version }).ToPacket());
        Assert.Equal(0, (await socket.ReadPacketAsync(version)).ReasonCode);
        return socket;
    }

    [Theory]
    [InlineData("/mqtt", 101), InlineData("/mqtt/", 101), InlineData("/mqtt?a=b", 101)]
    [InlineData("/", 404), InlineData("/mqttx", 404), InlineData("/mqtt/x", 404), InlineData("/MQTT", 404)]
    public async Task Only_the_listener_s_path_is_served(string path, int status)
    {
        await using var socket = await RawWebSocket.OpenAsync(listener.Ws);
        Assert.Equal(status, (await socket.UpgradeAsync(path)).Status);
    }

    [Theory]
    [InlineData("mqtt", "mqtt"), InlineData("mqtt-v3", "mqtt-v3"), InlineData("mqtt-v3.1.1", "mqtt-v3.1.1"), InlineData("mqtt-v5", "mqtt-v5")]
    [InlineData("foo, mqtt", "mqtt"), InlineData("mqtt-v5,mqtt", "mqtt-v5")]
    public async Task The_first_supported_subprotocol_is_answered(string asked, string answered)
    {
        await using var socket = await RawWebSocket.OpenAsync(listener.Ws);
        var answer = await socket.UpgradeAsync(subprotocol: asked);
        Assert.Equal((101, answered), (answer.Status, answer.Headers["sec-websocket-protocol"]));
    }

    [Theory, InlineData("mqttv3.1"), InlineData("mqttv5"), InlineData("MQTT"), InlineData("foo"), InlineData(null), InlineData("")]
    public async Task Another_subprotocol_or_none_is_a_bad_request(string? asked)
    {
        await using var socket = await RawWebSocket.OpenAsync(listener.Ws);
        Assert.Equal(400, (await socket.UpgradeAsync(subprotocol: asked)).Status);
    }

    [Fact]
    public async Task Without_the_header_a_listener_may_accept()
    {
        var ws = await listener.Broker.ListenAsync(Settings(new WebSocketSettings { FailIfNoSubprotocol = false }));
        await using var none = await RawWebSocket.OpenAsync(ws);
        var answer = await none.UpgradeAsync(subprotocol: null);
        Assert.Equal((101, false), (answer.Status, answer.Headers.ContainsKey("sec-websocket-protocol")));
        await using var wrong = await RawWebSocket.OpenAsync(ws);
        Assert.Equal(400, (await wrong.UpgradeAsync(subprotocol: "foo")).Status);
    }

    [Theory]
    [InlineData("GET /mqtt HTTP/1.1\r\nHost: a\r\n\r\n"), InlineData("POST /mqtt HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("GET /mqtt HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n")]
    public async Task What_is_no_upgrade_is_a_bad_request(string request)
    {
        await using var socket = await RawWebSocket.OpenAsync(listener.Ws);
        Assert.Equal(400, (await socket.RequestAsync(request)).Status);
    }

    [Fact]
    public async Task Version_8_of_the_handshake_is_accepted()
    {
        await using var socket = await RawWebSocket.OpenAsync(listener.Ws);
        Assert.Equal(101, (await socket.UpgradeAsync(version: 8)).Status);
    }

    [Theory, InlineData("http://evil", 403), InlineData("http://ok", 101), InlineData(null, 403)]
    public async Task Origins_may_be_checked(string? origin, int status)
    {
        var ws = await listener.Broker.ListenAsync(Settings(new WebSocketSettings { CheckOriginEnable = true, CheckOrigins = ["http://ok"], AllowOriginAbsence = false }));
        await using var socket = await RawWebSocket.OpenAsync(ws);
        Assert.Equal(status, (await socket.UpgradeAsync(extraHeaders: origin is null ? "" : $"Origin: {origin}\r\n")).Status);
    }

    [Fact]
    public async Task Several_packets_in_a_frame_are_answered_with_a_frame_each()
    {
        await using var socket = await OpenAsync();
        byte[] all = [.. Packets.Subscribe(5, 1, null, (_topic, 0)), .. Packets.Publish(5, _topic, "x"), .. Packets.Ping];
        await socket.SendAsync(RawWebSocket.BinaryFrame, all);
        var types = new[] { await socket.ReadPacketAsync(), await socket.ReadPacketAsync(), await socket.ReadPacketAsync() }.Select(p => p.Type).ToArray();
        Assert.Equal(PacketType.Suback, types[0]);
        Assert.Equal([PacketType.Publish, PacketType.Pingresp], types[1..].Order());
    }

    [Fact]
    public async Task A_packet_may_be_split_over_messages_and_fragments()
    {
        await using var socket = await OpenAsync();
        var packet = Packets.Subscribe(5, 1, null, (_topic, 0));
        await socket.SendAsync(RawWebSocket.BinaryFrame, packet.AsMemory(0, 3));
        await socket.SendAsync(RawWebSocket.BinaryFrame, ReadOnlyMemory<byte>.Empty);
        await socket.SendAsync(RawWebSocket.BinaryFrame, packet.AsMemory(3, 2), final: false);
        await socket.SendAsync(RawWebSocket.Continuation, packet.AsMemory(5));
        Assert.Equal(PacketType.Suback, (await socket.ReadPacketAsync()).Type);
    }

    [Fact]
    public async Task A_ping_is_answered_with_its_data()
    {
        await using var socket = await OpenAsync();
        await socket.SendAsync(RawWebSocket.Ping, "hello"u8.ToArray());
        var pong = await socket.ReadAsync();
        Assert.Equal((RawWebSocket.Pong, "hello"), (pong!.Opcode, Encoding.ASCII.GetString(pong.Payload)));
    }

    [Fact]
    public async Task A_large_message_goes_both_ways()
    {
        await using var socket = await OpenAsync();
        await socket.SendAsync(RawWebSocket.BinaryFrame, Packets.Subscribe(5, 1, null, (_topic, 0)));
        await socket.ReadPacketAsync();
        await socket.SendAsync(RawWebSocket.BinaryFrame, Packets.Publish(5, _topic, new byte[200_000]));
        Assert.Equal(200_000, (await socket.ReadPacketAsync()).Payload.Length);
    }

    [Theory, InlineData(1000), InlineData(0)]
    public async Task Closing_is_answered_and_publishes_the_will(int code)
    {
        await using var watcher = await listener.Broker.ConnectAsync();
        await watcher.SubscribeAsync(_topic);
        await using var socket = await OpenAsync(options: new ConnectOptions { Will = new Will(_topic, "will"u8.ToArray()) });
        await socket.SendAsync(RawWebSocket.Close, code == 0 ? [] : new byte[] { (byte)(code >> 8), (byte)code });
        await socket.ExpectCloseAsync(1000);
        Assert.Equal("will", (await watcher.ExpectMessageAsync()).PayloadText);
    }

    [Theory, InlineData(5), InlineData(4)]
    public async Task Disconnect_is_answered_with_a_close(byte version)
    {
        await using var socket = await OpenAsync(version);
        await socket.SendAsync(RawWebSocket.BinaryFrame, Packets.Disconnect(version));
        var frame = await socket.ReadAsync();
        Assert.Equal(RawWebSocket.Close, frame!.Opcode);
    }

    [Theory, InlineData(5), InlineData(4)]
    public async Task A_malformed_packet_is_told_and_closed(byte version)
    {
        await using var socket = await OpenAsync(version);
        await socket.SendAsync(RawWebSocket.BinaryFrame, new byte[] { 0, 0 });
        if (version == 5)
            Assert.Equal(ReasonCode.MalformedPacket, (await socket.ReadPacketAsync()).ReasonCode);
        Assert.Equal(RawWebSocket.Close, (await socket.ReadAsync())!.Opcode);
    }

    [Fact]
    public async Task An_unsupported_level_is_told_and_closed()
    {
        await using var socket = await RawWebSocket.OpenAsync(listener.Ws);
        await socket.UpgradeAsync();
        await socket.SendAsync(RawWebSocket.BinaryFrame, new PacketWriter().Text("MQTT").Byte(6).Byte(2).Short(60).Text("x").ToPacket(PacketType.Connect));
        Assert.Equal(1, (await socket.ReadPacketAsync(4)).ReasonCode);
        await socket.ExpectCloseAsync(1000);
    }

    [Fact]
    public async Task A_takeover_is_told_and_closed()
    {
        var options = new ConnectOptions { ClientId = Unique.Name("w") };
        await using var older = await OpenAsync(options: options);
        await using var newer = await OpenAsync(options: options);
        Assert.Equal(ReasonCode.SessionTakenOver, (await older.ReadPacketAsync()).ReasonCode);
        await older.ExpectCloseAsync(1000);
    }

    [Theory, InlineData(true, 1000), InlineData(false, 1007)]
    public async Task Text_ends_the_connection(bool valid, int code)
    {
        await using var socket = await OpenAsync();
        await socket.SendAsync(RawWebSocket.TextFrame, valid ? "text"u8.ToArray() : new byte[] { 0xC3, 0x28 });
        await socket.ExpectCloseAsync(code);
    }

    [Theory]
    [InlineData(new byte[] { 0x82, 0 }), InlineData(new byte[] { 0x82, 2, 0xC0, 0 }), InlineData(new byte[] { 0x89, 0 }), InlineData(new byte[] { 0x88, 0 })]
    [InlineData(new byte[] { 0x82, 126 }), InlineData(new byte[] { 0x82, 127 }), InlineData(new byte[] { 0x02, 1, 7 })]
    public async Task A_lone_unmasked_frame_is_refused_at_once(byte[] frame)
    {
        foreach (var atOnce in new[] { true, false })
        {
            await using var socket = await RawWebSocket.OpenAsync(listener.Ws);
            await socket.UpgradeAsync();
            if (!atOnce)
            {
                // Behind good frames of all lengths, in pieces.
                await socket.SendAsync(RawWebSocket.BinaryFrame, new ConnectOptions { ClientId = new string('x', 200) + _topic }.ToPacket());
                Assert.Equal(0, (await socket.ReadPacketAsync()).ReasonCode);
                await socket.SendAsync(RawWebSocket.BinaryFrame, Packets.Publish(5, _topic, new byte[70_000]));
                await socket.SendAsync(RawWebSocket.BinaryFrame, Packets.Ping);
                Assert.Equal(PacketType.Pingresp, (await socket.ReadPacketAsync()).Type);
            }

            await socket.SendBytesAsync(frame);
            await socket.ExpectCloseAsync(1002);
        }
    }

    [Theory, InlineData("unmasked"), InlineData("reserved opcode")]
    public async Task A_wrong_frame_is_a_protocol_error(string name)
    {
        await using var socket = await OpenAsync();
        if (name == "unmasked")
            await socket.SendAsync(RawWebSocket.BinaryFrame, new byte[20], masked: false);
        else
            await socket.SendRawAsync(0x83, Packets.Ping);
        await socket.ExpectCloseAsync(1002);
    }

    [Fact]
    public async Task A_frame_over_the_maximum_is_closed_with_1009()
    {
        var ws = await listener.Broker.ListenAsync(Settings(new WebSocketSettings { MaxFrameSize = 200 }));
        await using var socket = await RawWebSocket.OpenAsync(ws);
        await socket.UpgradeAsync();
        await socket.SendAsync(RawWebSocket.BinaryFrame, new byte[201]);
        await socket.ExpectCloseAsync(1009);
    }

    [Fact]
    public async Task The_proxy_s_headers_name_the_client_s_address()
    {
        await using var socket = await RawWebSocket.OpenAsync(listener.Ws);
        await socket.UpgradeAsync(extraHeaders: "X-Forwarded-For: 10.1.2.3, 10.0.0.1\r\nX-Forwarded-Port: 4567\r\n");
        var id = Unique.Name("w");
        IPAddress? address = null;
        var port = 0;
        using var link = listener.Broker.Get<BrokerHooks>().ClientConnect.Add(attempt =>
        {
            if (attempt.Client.ClientId == id)
                (address, port) = (attempt.Client.PeerAddress, attempt.Client.PeerPort);
            return HookResult.Continue;
        });
        await socket.SendAsync(RawWebSocket.BinaryFrame, new ConnectOptions { ClientId = id }.ToPacket());
        await socket.ReadPacketAsync();
        Assert.Equal(("10.1.2.3", 4567), (address!.ToString(), port));
    }

    [Fact]
    public async Task One_connection_over_the_maximum_is_accepted_and_closed()
    {
        await using var broker = await TestBroker.StartAsync();
        var ws = await broker.ListenAsync(Settings(new WebSocketSettings()) with { MaxConnections = 1 });
        await using var first = await RawMqttClient.OpenWebSocketAsync(ws);
        await first.ConnectAsync(new ConnectOptions());
        await using var second = await RawWebSocket.OpenAsync(ws);
        Assert.Equal(101, (await second.UpgradeAsync()).Status);
        await second.ExpectCloseAsync(1000);
    }

    [Fact]
    public async Task Silence_for_the_idle_timeout_is_closed()
    {
        var clock = new ManualClock();
        await using var broker = await TestBroker.StartAsync(time: clock);
        var ws = await broker.ListenAsync(Settings(new WebSocketSettings { IdleTimeout = 20_000 }));
        await using var socket = await RawWebSocket.OpenAsync(ws);
        await socket.UpgradeAsync();
        await socket.SendAsync(RawWebSocket.BinaryFrame, new ConnectOptions { KeepAlive = 0 }.ToPacket());
        await socket.ReadPacketAsync();
        clock.Advance(TimeSpan.FromSeconds(40));
        await socket.ExpectCloseAsync(1000);
    }
}
