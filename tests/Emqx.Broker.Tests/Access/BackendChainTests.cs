using System.Text;
using Emqx.Broker.Protocol;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Emqx.Broker.Tests.Access.Authn;
using Emqx.Broker.Tests.Access.Authn.Jwt;
using Emqx.Broker.Tests.Access.Http;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Access;

/// <summary>Real clients whom a service or a token lets in, and what these grant them.</summary>
public sealed class BackendChainTests
{
    private const string Jwt = """{"mechanism":"jwt","use_jwks":false,"algorithm":"hmac-based","secret":"secret"}""";

    [Theory]
    [InlineData(204, "", 5, ReasonCode.Success)]
    [InlineData(200, """{"result":"deny"}""", 5, ReasonCode.NotAuthorized)]
    [InlineData(200, """{"result":"deny"}""", 4, 5)]
    [InlineData(200, """{"result":"ignore"}""", 5, ReasonCode.NotAuthorized)]
    [InlineData(200, """{"result":"allow","expire_at":1}""", 5, ReasonCode.BadUserNameOrPassword)]
    [InlineData(200, """{"result":"allow","expire_at":1}""", 4, 4)]
    [InlineData(500, "", 5, ReasonCode.NotAuthorized)]
    public async Task A_service_decides_on_a_CONNECT(int status, string body, byte version, byte reason)
    {
        await using var service = AccessService.Always(status, body);
        await using var broker = await StartAsync(Http(service.Url));
        await using var client = await broker.OpenAsync(version);
        Assert.Equal(reason, (await client.ConnectAsync(new ConnectOptions { Version = version, Username = "ann", Password = "p"u8.ToArray() })).ReasonCode);
    }

    [Fact]
    public async Task While_a_service_takes_its_time_others_are_served()
    {
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var service = AccessService.Always(204, type: null);
        service.Opens = open.Task;
        await using var broker = await StartAsync(Jwt, Http(service.Url));
        await using var waiting = await broker.OpenAsync();
        await waiting.SendAsync(new ConnectOptions { Username = "ann", Password = "p"u8.ToArray() }.ToPacket());
        await service.RequestsAsync(1);
        await using var other = await ConnectAsync(broker, "{}");
        await other.ExpectNothingAsync();
        Assert.False(waiting.HasArrived);
        open.SetResult();
        Assert.Equal(0, (await waiting.ExpectAsync(PacketType.Connack)).ReasonCode);
    }

    [Fact]
    public async Task The_rules_of_a_token_are_asked_before_everybody_else()
    {
        await using var broker = await StartAsync(Jwt);
        await using var client = await ConnectAsync(broker, """{"acl":{"sub":["in/${username}"],"pub":["out/#"]}}""");
        Assert.Equal([0, ReasonCode.NotAuthorized], await client.SubscribeAsync(null, ("in/ann", 0), ("in/bob", 0)));
        Assert.Equal(ReasonCode.NoMatchingSubscribers, await client.PublishAsync("out/1", qos: 1));
        Assert.Equal(ReasonCode.NotAuthorized, await client.PublishAsync("other", qos: 1));
    }

    [Fact]
    public async Task A_client_whose_token_is_over_is_cut_off_as_not_authorized()
    {
        var clock = new ManualClock();
        await using var broker = await StartAtAsync(clock, Jwt);
        await using var client = await ConnectAsync(broker, $$"""{"exp":{{clock.GetUtcNow().ToUnixTimeSeconds() + 60}}}""");
        clock.Advance(TimeSpan.FromSeconds(59));
        await client.ExpectNothingAsync();
        await clock.AdvanceUntilAsync(() => client.HasArrived, TimeSpan.FromSeconds(2), "the end");
        await client.ExpectRefusedAsync(ReasonCode.NotAuthorized);
    }

    private static string Http(string url) =>
        $$$"""{"mechanism":"password_based","backend":"http","method":"post","url":"{{{url}}}/auth","body":{"user":"${username}","pass":"${password}"}}""";

    private static async Task<RawMqttClient> ConnectAsync(TestBroker broker, string claims) =>
        await broker.ConnectAsync(new ConnectOptions { Username = "ann", Password = Encoding.UTF8.GetBytes(Tokens.Hmac(claims)), KeepAlive = 0 });

    private static Task<TestBroker> StartAsync(params string[] entries) => StartAtAsync(TimeProvider.System, entries);

    private static async Task<TestBroker> StartAtAsync(TimeProvider time, params string[] entries)
    {
        var broker = await TestBroker.StartAsync(time: time);
        var kept = Authenticators.Check(string.Join(',', entries), out var problems);
        Assert.Empty(problems);
        broker.Get<RunningConfiguration>().Replace(new Dictionary<string, ConfigValue> { ["authentication"] = kept! });
        return broker;
    }
}
