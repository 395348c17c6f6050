using System.Text;
using Emqx.Broker.Access.Authn;
using Emqx.Broker.Hooks;
using Emqx.Broker.Protocol;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static Emqx.Broker.Tests.Access.Authn.SampleAuthenticator;

namespace Emqx.Broker.Tests.Access.Authn;

/// <summary>Authenticators of the configuration, each by one line of a catalogue, on the way of CONNECT.</summary>
public sealed class AuthnChainTests
{
    private const int MalformedCredentials = 4;
    private const int NotAuthorizedV3 = 5;
    private static readonly AuthenticatorCatalogue s_catalogue = new(SampleAuthenticator.Type, ChallengeAuthenticator.Type);

    [Theory]
    [InlineData("alice", "secret", 5, ReasonCode.Success)]
    [InlineData("alice", "wrong", 5, ReasonCode.BadUserNameOrPassword)]
    [InlineData("alice", null, 5, ReasonCode.BadUserNameOrPassword)]
    [InlineData("bob", "secret", 5, ReasonCode.NotAuthorized)]
    [InlineData(null, null, 5, ReasonCode.NotAuthorized)]
    [InlineData("alice", "secret", 4, 0)]
    [InlineData("alice", "wrong", 4, MalformedCredentials)]
    [InlineData("bob", "secret", 4, NotAuthorizedV3)]
    public async Task A_client_is_let_in_or_refused(string? username, string? password, byte version, int reason)
    {
        await using var broker = await StartAsync(Entry("alice", "secret"));
        Assert.Equal(reason, await ConnectAsync(broker, username, password, version));
    }

    [Fact]
    public async Task The_first_that_knows_a_client_decides()
    {
        await using var broker = await StartAsync(Entry("alice", "secret"), new(new() { ["mechanism"] = "backwards" }));
        Assert.Equal(ReasonCode.BadUserNameOrPassword, await ConnectAsync(broker, "alice", "wrong"));
        Assert.Equal(ReasonCode.NotAuthorized, await ConnectAsync(broker, "bob", "other"));
    }

    [Fact]
    public async Task While_there_is_none_everybody_is_let_in_and_the_hook_is_not_used()
    {
        await using var broker = await StartAsync();
        var hook = broker.Get<BrokerHooks>().ClientAuthenticate;
        Assert.False(hook.IsUsed);
        Configure(broker, Entry("alice", "secret", KeyValuePair.Create("enable", (ConfigValue)false)));
        Assert.False(hook.IsUsed);
        Assert.Equal(0, await ConnectAsync(broker, "bob", "other"));
        Configure(broker, Entry("alice", "secret"));
        Assert.True(hook.IsUsed);
        Assert.Equal(ReasonCode.NotAuthorized, await ConnectAsync(broker, "bob", "other"));
        Configure(broker);
        Assert.False(hook.IsUsed);
        Assert.Equal(0, await ConnectAsync(broker, "bob", "other"));
    }

    [Fact]
    public async Task A_client_gets_what_the_authenticator_grants()
    {
        await using var broker = await StartAsync(Entry("alice", "secret"));
        var request = Request("alice", "secret");
        request.Client.Attributes = new Dictionary<string, string> { ["region"] = "eu", ["group"] = "none" };
        await broker.Get<BrokerHooks>().ClientAuthenticate.RunAsync(request);
        Assert.True(request is { Allowed: true, IsSuperuser: true });
        Assert.Equal(("eu", "sample"), (request.Client.Attributes["region"], request.Client.Attributes["group"]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3600)]
    public async Task A_client_whose_credentials_expire_is_cut_off_as_not_authorized(int keepAlive)
    {
        var clock = new ManualClock();
        var until = clock.GetUtcNow() + TimeSpan.FromMinutes(1);
        await using var broker = await StartAtAsync(clock, Entry("alice", "secret", KeyValuePair.Create("expires", (ConfigValue)until.ToString("O"))));
        await using var client = await broker.ConnectAsync(new ConnectOptions { Username = "alice", Password = "secret"u8.ToArray(), KeepAlive = keepAlive });
        clock.Advance(TimeSpan.FromSeconds(59));
        await client.ExpectNothingAsync();
        await clock.AdvanceUntilAsync(() => client.HasArrived, TimeSpan.FromSeconds(2), "the end");
        await client.ExpectRefusedAsync(ReasonCode.NotAuthorized);
    }

    [Theory]
    [InlineData("secret", ReasonCode.Success)]
    [InlineData("wrong", ReasonCode.BadUserNameOrPassword)]
    public async Task An_authenticator_may_take_its_time_while_others_are_served(string password, byte reason)
    {
        await using var broker = await StartAsync(new(new() { ["mechanism"] = "backwards" }), Entry("alice", "secret", KeyValuePair.Create("waits", (ConfigValue)true)));
        await using var client = await broker.OpenAsync();
        await client.SendAsync(new ConnectOptions { Username = "alice", Password = Encoding.UTF8.GetBytes(password) }.ToPacket());
        await broker.Get<SampleGate>().ReachedAsync();
        await using var other = await broker.OpenAsync();
        await other.SendAsync(Backwards("x").ToPacket());
        await other.ExpectAsync(PacketType.Auth);
        Assert.False(client.HasArrived);
        broker.Get<SampleGate>().Open();
        Assert.Equal(reason, (await client.ExpectAsync(PacketType.Connack)).ReasonCode);
    }

    [Fact]
    public async Task A_superuser_may_do_what_others_may_not()
    {
        await using var broker = await StartAsync(Entry("alice", "secret"), new(new() { ["mechanism"] = "backwards" }));
        using var denying = broker.Get<BrokerHooks>().ClientAuthorize.Add(static request =>
        {
            request.Verdict = false;
            return HookResult.Stop;
        });
        await using var alice = await broker.ConnectAsync(new ConnectOptions { Username = "alice", Password = "secret"u8.ToArray() });
        Assert.Equal(ReasonCode.NoMatchingSubscribers, await alice.PublishAsync("t", qos: 1));
    }

    [Fact]
    public async Task One_that_fails_does_not_know_the_client()
    {
        await using var broker = await StartAsync(Entry("alice", "secret", KeyValuePair.Create("fails", (ConfigValue)true)), new(new() { ["mechanism"] = "backwards" }));
        Assert.Equal(ReasonCode.NotAuthorized, await ConnectAsync(broker, "alice", "secret"));
        Assert.Contains("SampleAuthenticator has failed", Assert.Single(broker.Errors.All), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("olleh", ReasonCode.Success, "welcome")]
    [InlineData("hello", ReasonCode.NotAuthorized, null)]
    public async Task A_question_goes_to_the_client_and_its_answer_to_who_has_asked(string answer, byte reason, string? last)
    {
        await using var broker = await StartAsync(Entry("alice", "secret"), new(new() { ["mechanism"] = "backwards" }));
        await using var client = await broker.OpenAsync();
        await client.SendAsync(Backwards("hello").ToPacket());
        Assert.Equal("who?", DataOf(await client.ExpectAsync(PacketType.Auth)));
        await client.SendAsync(new PacketWriter().Byte(0x18).Raw(Backwards(answer).Properties.Encode()).ToPacket(PacketType.Auth));
        var connack = await client.ExpectAsync(PacketType.Connack);
        Assert.Equal((reason, last), (connack.ReasonCode, DataOf(connack)));
    }

    [Fact]
    public async Task A_changed_entry_is_made_anew_and_the_others_stay()
    {
        await using var broker = await StartAsync(Entry("alice", "secret"));
        var gone = broker.Get<SampleGate>().GoneAsync("alice");
        Configure(broker, new ConfigObject(new() { ["mechanism"] = "backwards" }), Entry("alice", "secret"));
        Assert.False(gone.IsCompleted);
        Configure(broker, Entry("alice", "new"));
        await gone;
        Assert.Equal(0, await ConnectAsync(broker, "alice", "new"));
        Assert.Equal(ReasonCode.BadUserNameOrPassword, await ConnectAsync(broker, "alice", "secret"));
    }

    [Fact]
    public async Task What_is_left_is_disposed_with_the_node()
    {
        var broker = await StartAsync(Entry("alice", "secret"));
        var gone = broker.Get<SampleGate>().GoneAsync("alice");
        await broker.DisposeAsync();
        await gone;
    }

    private static Task<TestBroker> StartAsync(params ConfigObject[] entries) => StartAtAsync(TimeProvider.System, entries);

    private static async Task<TestBroker> StartAtAsync(TimeProvider time, params ConfigObject[] entries)
    {
        var broker = await TestBroker.StartAsync(time: time, configure: static services => services.AddSingleton(s_catalogue).AddSingleton<SampleGate>());
        Configure(broker, entries);
        return broker;
    }

    /// <summary>Puts the list in force, checked as a change of the API is.</summary>
    private static void Configure(TestBroker broker, params ConfigObject[] entries)
    {
        List<Violation> problems = [];
        var kept = new AuthenticationKind(s_catalogue).Check(new ConfigArray(entries), "authentication", problems);
        Assert.Empty(problems);
        broker.Get<RunningConfiguration>().Replace(new Dictionary<string, ConfigValue> { ["authentication"] = kept! });
    }

    private static async Task<int> ConnectAsync(TestBroker broker, string? username, string? password, byte version = 5)
    {
        await using var client = await broker.OpenAsync(version);
        var options = new ConnectOptions { Version = version, Username = username, Password = password is null ? null : Encoding.UTF8.GetBytes(password) };
        return (await client.ConnectAsync(options)).ReasonCode;
    }

    private static AuthenticateRequest Request(string username, string password) => new(new ClientInfo
    {
        ClientId = "c", Username = username, PeerAddress = System.Net.IPAddress.Loopback, PeerPort = 1, SocketPort = 1883, ProtocolName = "MQTT",
        ProtocolVersion = 5, CleanStart = true, Listener = "tcp:default", ConnectedAt = 0,
    }, Encoding.UTF8.GetBytes(password));

    private static ConnectOptions Backwards(string data) => new()
    {
        Properties = { { Property.AuthenticationMethod, ChallengeAuthenticator.Method }, { Property.AuthenticationData, Encoding.UTF8.GetBytes(data) } },
    };

    private static string? DataOf(ReceivedPacket packet) => packet.Properties.Bytes(Property.AuthenticationData) is { } data ? Encoding.UTF8.GetString(data) : null;
}
