using System.Text;
using Emqx.Broker.Hooks;
using Emqx.Broker.Metrics;
using Emqx.Broker.Sessions;
using Emqx.Broker.Settings;
using Emqx.Broker.Tests.Mqtt;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Hooks;

/// <summary>MQTT 5's enhanced authentication (4.12) by a link that asks twice: "name" is answered with "name?", "name!" lets in with "welcome".</summary>
public sealed class EnhancedAuthenticationTests : IAsyncLifetime
{
    private const byte Continue = 0x18, Again = 0x19, BadMethod = 0x8C;

    private readonly ManualClock _clock = new();
    private readonly string _id = Unique.Name("ea");
    private TestBroker _broker = null!;

    public async ValueTask InitializeAsync() => _broker = await TestBroker.StartAsync(new MqttSettings { IdleTimeout = 5_000 }, _clock);

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    private IDisposable Twice() => _broker.Get<BrokerHooks>().ClientAuthenticate.Add(async (request, _) =>
    {
        await Task.Yield();
        if (request.Method != "TWICE")
            return HookResult.Continue;
        var said = Encoding.UTF8.GetString(request.Data.Span);
        if (request.State is not string name)
        {
            request.State = said;
            request.Continue(Encoding.UTF8.GetBytes(said + "?"));
        }
        else if (said == name + "!")
            (request.Allowed, request.Reply, request.IsSuperuser) = (true, "welcome"u8.ToArray(), request.IsAgain);
        else
            (request.Allowed, request.ReasonCode) = (false, ReasonCode.NotAuthorized);
        return HookResult.Stop;
    });

    private ConnectOptions Options(string method = "TWICE", string data = "name") => new()
    {
        ClientId = _id, KeepAlive = 0,
        Properties = { { Property.AuthenticationMethod, method }, { Property.AuthenticationData, Encoding.UTF8.GetBytes(data) } },
    };

    private static byte[] Auth(byte reason, string? data, string method = "TWICE")
    {
        var properties = new PropertyList { { Property.AuthenticationMethod, method } };
        if (data is not null)
            properties.Add(Property.AuthenticationData, Encoding.UTF8.GetBytes(data));
        return new PacketWriter().Byte(reason).Raw(properties.Encode()).ToPacket(PacketType.Auth);
    }

    private static async Task ExpectAuthAsync(RawMqttClient client, byte reason, string data)
    {
        var auth = await client.ExpectAsync(PacketType.Auth);
        Assert.Equal((reason, "TWICE", data), (auth.ReasonCode, auth.Properties.Text(Property.AuthenticationMethod), DataOf(auth)));
    }

    private static string DataOf(ReceivedPacket packet) => Encoding.UTF8.GetString(packet.Properties.Bytes(Property.AuthenticationData) ?? []);

    private async Task<RawMqttClient> ChallengedAsync()
    {
        var client = await _broker.OpenAsync();
        await client.SendAsync(Options().ToPacket());
        await ExpectAuthAsync(client, Continue, "name?");
        return client;
    }

    private async Task<RawMqttClient> ConnectedAsync()
    {
        var client = await ChallengedAsync();
        await client.SendAsync(Auth(Continue, "name!"));
        Assert.Equal(0, (await client.ExpectAsync(PacketType.Connack)).ReasonCode);
        return client;
    }

    [Fact]
    public async Task A_client_that_answers_well_is_let_in()
    {
        using var link = Twice();
        await using var client = await ChallengedAsync();
        Assert.Null(_broker.Get<SessionTable>().Find(_id));
        await client.SendAsync((byte[])[.. Auth(Continue, "name!"), .. Packets.Subscribe(5, 1, null, ("t", 0))]);
        var connack = await client.ExpectAsync(PacketType.Connack);
        Assert.Equal((0, "TWICE", "welcome"), (connack.ReasonCode, connack.Properties.Text(Property.AuthenticationMethod)!, DataOf(connack)));
        await client.ExpectAsync(PacketType.Suback);
        var counters = _broker.Get<Counters>();
        Assert.Equal((1, 1, 1), (counters.Read(Metric.PacketsAuthSent), counters.Read(Metric.PacketsAuthReceived), counters.Read(Metric.AuthenticationSuccess)));
    }

    [Fact]
    public async Task A_client_that_answers_badly_is_refused()
    {
        using var link = Twice();
        await using var client = await ChallengedAsync();
        await client.SendAsync(Auth(Continue, "what"));
        Assert.Equal(ReasonCode.NotAuthorized, (await client.ExpectAsync(PacketType.Connack)).ReasonCode);
        await client.ExpectClosedAsync();
    }

    [Theory, InlineData("another method", BadMethod), InlineData("no method", ReasonCode.ProtocolError), InlineData("anew", ReasonCode.ProtocolError),
     InlineData("a PINGREQ", 0), InlineData("a CONNECT", ReasonCode.ProtocolError)]
    public async Task Before_the_CONNACK_nothing_but_the_answer_will_do(string what, byte connack)
    {
        using var link = Twice();
        await using var client = await ChallengedAsync();
        await client.SendAsync(what switch
        {
            "another method" => Auth(Continue, "name!", "ONCE"),
            "no method" => [0xF0, 2, Continue, 0],
            "anew" => Auth(Again, "name!"),
            "a PINGREQ" => Packets.Ping,
            _ => Options().ToPacket(),
        });
        if (connack != 0)
            Assert.Equal(connack, (await client.ExpectAsync(PacketType.Connack)).ReasonCode);
        else
            Assert.Equal(ReasonCode.ProtocolError, (await client.ExpectAsync(PacketType.Disconnect)).ReasonCode);
        await client.ExpectClosedAsync();
        Assert.Empty(_broker.Errors.All);
    }

    [Fact]
    public async Task Who_does_not_answer_is_dropped_after_the_idle_timeout()
    {
        using var link = Twice();
        await using var client = await ChallengedAsync();
        _clock.Advance(TimeSpan.FromSeconds(4));
        Assert.False(client.HasArrived);
        // Silence counts from the end of the node's own work for the question, which may come after the question itself.
        await Eventually.TrueAsync(() =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            return client.HasArrived;
        }, "the client is dropped");
        await client.ExpectClosedAsync();
    }

    [Theory, InlineData(false, "TWICE"), InlineData(true, "ONCE")]
    public async Task A_method_that_no_link_knows_is_nobody_s_objection_as_in_EMQX(bool hasLink, string method)
    {
        using var link = hasLink ? Twice() : null;
        await using var client = await _broker.OpenAsync();
        var connack = await client.ConnectAsync(Options(method));
        Assert.Equal((0, method), (connack.ReasonCode, connack.Properties.Text(Property.AuthenticationMethod)));
        await client.SendAsync(Auth(Again, "more", method));
        Assert.Equal(0, (await client.ExpectAsync(PacketType.Auth)).ReasonCode);
    }

    [Fact]
    public async Task A_connected_client_may_authenticate_anew_and_go_on_meanwhile()
    {
        using var link = Twice();
        await using var client = await ConnectedAsync();
        var session = _broker.Get<SessionTable>().Find(_id)!;
        Assert.False(session.Client.IsSuperuser);
        await client.SendAsync(Auth(Again, "more"));
        await ExpectAuthAsync(client, Continue, "more?");
        await client.ExpectNothingAsync();
        await client.SendAsync(Auth(Continue, "more!"));
        await ExpectAuthAsync(client, 0, "welcome");
        Assert.True(session.Client.IsSuperuser);
        await client.SendAsync(Auth(Again, "once more"));
        await ExpectAuthAsync(client, Continue, "once more?");
    }

    [Theory, InlineData("badly", ReasonCode.NotAuthorized), InlineData("unasked", ReasonCode.ProtocolError), InlineData("twice at a time", ReasonCode.ProtocolError),
     InlineData("by another method", BadMethod), InlineData("malformed", ReasonCode.MalformedPacket)]
    public async Task A_connected_client_that_authenticates_wrongly_is_disconnected(string how, byte code)
    {
        using var link = Twice();
        await using var client = await ConnectedAsync();
        if (how is "badly" or "twice at a time")
        {
            await client.SendAsync(Auth(Again, "more"));
            await ExpectAuthAsync(client, Continue, "more?");
        }

        await client.SendAsync(how switch
        {
            "badly" or "unasked" => Auth(Continue, "what"),
            "twice at a time" => Auth(Again, "more"),
            "by another method" => Auth(Again, "more", "ONCE"),
            _ => [0xF0, 3, Again, 1, 0xFF],
        });
        await client.ExpectRefusedAsync(code);
    }

    [Fact]
    public async Task An_AUTH_without_a_method_is_a_protocol_error()
    {
        using var link = Twice();
        await using var client = await ConnectedAsync();
        await client.SendAsync(new byte[] { 0xF0, 2, Again, 0 });
        await client.ExpectRefusedAsync(ReasonCode.ProtocolError);
        await using var plain = await _broker.ConnectAsync();
        await plain.SendAsync(new byte[] { 0xF0, 1, Again });
        await plain.ExpectRefusedAsync(ReasonCode.ProtocolError);
    }

    [Fact]
    public async Task A_connected_client_without_a_method_has_nothing_to_authenticate()
    {
        using var link = Twice();
        await using var client = await _broker.ConnectAsync();
        await client.SendAsync(Auth(Again, "more"));
        await client.ExpectRefusedAsync(BadMethod);
    }
}
