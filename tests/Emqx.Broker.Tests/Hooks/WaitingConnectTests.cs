using Emqx.Broker.Hooks;
using Emqx.Broker.Mqtt.Listening;
using Emqx.Broker.Sessions;
using Emqx.Broker.Settings;
using Emqx.Broker.Tests.Mqtt;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Hooks;

/// <summary>A CONNECT whose verdict takes time.</summary>
public sealed class WaitingConnectTests(SharedBroker shared)
{
    private readonly string _id = Unique.Name("wc");

    private ConnectOptions Options(byte version = 5) => new() { ClientId = _id, Version = version };

    private WaitingLink<ConnectAttempt> Connecting(TestBroker broker) => new(broker.Get<BrokerHooks>().ClientConnect, attempt => attempt.Client.ClientId == _id);

    private WaitingLink<AuthenticateRequest> Authenticating(TestBroker broker) => new(broker.Get<BrokerHooks>().ClientAuthenticate, request => request.Client.ClientId == _id);

    private static Task<RawMqttClient> OpenAsync(TestBroker broker, System.Net.IPEndPoint listener, string transport) => transport switch
    {
        "tcp" => broker.OpenAsync(),
        "ssl" => RawMqttClient.OpenTlsAsync(listener),
        "wss" => RawMqttClient.OpenWebSocketAsync(listener, tls: true),
        _ => RawMqttClient.OpenWebSocketAsync(listener),
    };

    [Theory, InlineData("tcp"), InlineData("ssl"), InlineData("ws"), InlineData("wss")]
    public async Task What_follows_a_CONNECT_that_waits_is_handled_after_it(string transport)
    {
        await using var broker = await TestBroker.StartAsync();
        var listener = transport == "tcp" ? broker.Tcp
            : await broker.ListenAsync(new ListenerSettings { Type = Enum.Parse<ListenerType>(transport, ignoreCase: true), Name = transport, Bind = TestBroker.Loopback });
        using var connecting = Connecting(broker);
        using var authenticating = Authenticating(broker);
        await using var client = await OpenAsync(broker, listener, transport);
        await client.SendAsync(new byte[][] { Options().ToPacket(), Packets.Subscribe(5, 1, null, (_id, 1)), Packets.Publish(5, _id, "own"), Packets.Ping }.SelectMany(static p => p).ToArray());
        var connect = await connecting.AskedAsync();
        Assert.Null(broker.Get<SessionTable>().Find(_id));
        connect.Answer();
        (await authenticating.AskedAsync()).Answer(static request => request.Allowed = true);
        foreach (var type in new[] { PacketType.Connack, PacketType.Suback, PacketType.Publish, PacketType.Pingresp })
            await client.ExpectAsync(type);
        Assert.Empty(broker.Errors.All);
    }

    [Theory, InlineData(5, 0x8A), InlineData(4, 5)]
    public async Task A_refusal_that_took_time_is_told(byte version, byte code)
    {
        using var connecting = Connecting(shared.Broker);
        await using var client = await shared.OpenAsync(version);
        var connack = client.ConnectAsync(Options(version));
        (await connecting.AskedAsync()).Answer(static attempt => attempt.ReasonCode = ReasonCode.Banned);
        Assert.Equal(code, (await connack).ReasonCode);
        await client.ExpectClosedAsync();
    }

    [Theory, InlineData(5, 0x86), InlineData(4, 4), InlineData(3, 4)]
    public async Task Credentials_that_took_time_and_are_wrong_refuse(byte version, byte code)
    {
        using var authenticating = Authenticating(shared.Broker);
        await using var client = await shared.OpenAsync(version);
        var connack = client.ConnectAsync(Options(version));
        (await authenticating.AskedAsync()).Answer(static request => request.Allowed = false);
        Assert.Equal(code, (await connack).ReasonCode);
        await client.ExpectClosedAsync();
    }

    [Theory, InlineData("connect", 5, 0x88), InlineData("connect", 4, 3), InlineData("authenticate", 5, 0x87), InlineData("authenticate", 4, 5)]
    public async Task No_verdict_in_time_refuses(string which, byte version, byte code)
    {
        var clock = new ManualClock();
        await using var broker = await TestBroker.StartAsync(time: clock);
        using var connecting = which == "connect" ? Connecting(broker) : null;
        using var authenticating = which == "connect" ? null : Authenticating(broker);
        await using var client = await broker.OpenAsync(version);
        var connack = client.ConnectAsync(Options(version));
        await (connecting?.AskedAsync() ?? (Task)authenticating!.AskedAsync());
        await clock.AdvanceUntilAsync(() => connack.IsCompleted, HookChain<ConnectAttempt>.LongTimeout * 2, "the answer of a chain that has given up");
        Assert.Equal(code, (await connack).ReasonCode);
        await client.ExpectClosedAsync();
        Assert.Null(broker.Get<SessionTable>().Find(_id));
    }

    [Fact]
    public async Task The_idle_timeout_does_not_cut_a_CONNECT_that_waits()
    {
        var clock = new ManualClock();
        await using var broker = await TestBroker.StartAsync(new MqttSettings { IdleTimeout = 2_000 }, clock);
        using var connecting = Connecting(broker);
        using var authenticating = Authenticating(broker);
        await using var client = await broker.OpenAsync();
        var connack = client.ConnectAsync(Options());
        var connect = await connecting.AskedAsync();
        clock.Advance(TimeSpan.FromSeconds(9));
        connect.Answer();
        var authenticate = await authenticating.AskedAsync();
        clock.Advance(TimeSpan.FromSeconds(9));
        authenticate.Answer();
        Assert.Equal(0, (await connack).ReasonCode);
        clock.Advance(TimeSpan.FromSeconds(9));
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_client_that_leaves_meanwhile_leaves_nothing_behind()
    {
        await using var broker = await TestBroker.StartAsync();
        using var authenticating = Authenticating(broker);
        var client = await broker.OpenAsync();
        await client.SendAsync(Options().ToPacket());
        var authenticate = await authenticating.AskedAsync();
        await client.DropAsync();
        var gone = broker.GoneAsync(_id);
        authenticate.Answer();
        await gone;
        await Eventually.TrueAsync(() => broker.Get<IMqttListeners>().Find("tcp:default")!.CurrentConnections == 0, "the connection is gone");
        Assert.Null(broker.Get<SessionTable>().Find(_id));
        Assert.Empty(broker.Errors.All);
    }

    [Fact]
    public async Task A_listener_that_stops_meanwhile_lets_nobody_in()
    {
        await using var broker = await TestBroker.StartAsync();
        using var authenticating = Authenticating(broker);
        await using var client = await broker.OpenAsync();
        await client.SendAsync(Options().ToPacket());
        var authenticate = await authenticating.AskedAsync();
        await broker.Get<IMqttListeners>().StopAsync("tcp:default", CancellationToken.None);
        await client.ExpectClosedAsync();
        authenticate.Answer(static request => request.Allowed = true);
        await using var other = await RawMqttClient.OpenTcpAsync(await broker.ListenAsync(new ListenerSettings { Type = ListenerType.Tcp, Name = "next", Bind = TestBroker.Loopback }));
        Assert.Equal(0, (await other.ConnectAsync(new ConnectOptions())).ReasonCode);
        Assert.Null(broker.Get<SessionTable>().Find(_id));
        Assert.Empty(broker.Errors.All);
    }
}
