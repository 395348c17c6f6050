using Emqx.Broker.Access;
using Emqx.Broker.Clients;
using Emqx.Broker.Hooks;
using Emqx.Broker.Metrics;
using Emqx.Broker.Protocol;
using Emqx.Broker.Tests.Monitoring;
using Emqx.TestKit.Mqtt;
using Xunit;
using static Emqx.Broker.Tests.Access.Authz.AuthzBroker;
using ReasonCode = Emqx.Broker.Tests.Mqtt.ReasonCode;

namespace Emqx.Broker.Tests.Access.Authz;

/// <summary>What holds beside the sources, as clients see it.</summary>
public sealed class AuthorizationSettingsTests
{
    private const string DenyNo = """{deny, all, all, ["no"]}.""";

    [Theory]
    [InlineData("allow", 0, ReasonCode.NoMatchingSubscribers)]
    [InlineData("deny", ReasonCode.NotAuthorized, ReasonCode.NotAuthorized)]
    public async Task What_no_source_decides_no_match_decides(string noMatch, byte subscribed, byte published)
    {
        await using var broker = await StartAsync(FileOf(DenyNo, $"\"no_match\":\"{noMatch}\""));
        await using var client = await broker.ConnectAsync();
        Assert.Equal([subscribed], await client.SubscribeAsync("a"));
        Assert.Equal(published, await client.PublishAsync("b", qos: 1));
    }

    [Theory, InlineData(0), InlineData(1), InlineData(2)]
    public async Task A_denied_publish_ends_the_connection_where_deny_action_says_so(int qos)
    {
        await using var broker = await StartAsync(FileOf(DenyNo, "\"deny_action\":\"disconnect\""));
        await using var client = await broker.ConnectAsync();
        await client.SendAsync(Packets.Publish(client.Version, "no", "x"u8.ToArray(), qos, id: qos));
        await client.ExpectRefusedAsync(ReasonCode.NotAuthorized);
        await using var old = await broker.ConnectAsync(version: 4);
        await old.SendAsync(Packets.Publish(old.Version, "no", "x"u8.ToArray(), qos, id: qos));
        await old.ExpectClosedAsync();
    }

    [Fact]
    public async Task A_denied_filter_ends_the_connection_before_another_takes_effect()
    {
        await using var broker = await StartAsync(FileOf(DenyNo, "\"deny_action\":\"disconnect\",\"cache\":{\"enable\":false}"));
        await using var client = await broker.ConnectAsync(ConnectOptions.Lasting("lasting"));
        Assert.Equal([0], await client.SubscribeAsync("a"));
        await client.SendAsync(Packets.Subscribe(client.Version, 7, properties: null, ("yes", 0), ("no", 0)));
        await client.ExpectRefusedAsync(ReasonCode.NotAuthorized);
        await using var again = await broker.ConnectAsync(ConnectOptions.Lasting("lasting"));
        await again.PublishAsync("yes", qos: 1);
        await again.ExpectNothingAsync();
        Assert.Equal([0], await again.SubscribeAsync("yes"));
    }

    [Fact]
    public async Task A_decision_counts_until_all_are_drained_and_excluded_topics_are_asked_each_time()
    {
        await using var broker = await StartAsync("""{"sources":[],"cache":{"excludes":["never/#"]}}""", Fakes.Clock());
        List<string> asked = [];
        using var link = broker.Get<BrokerHooks>().ClientAuthorize.Add(request =>
        {
            asked.Add(request.Topic);
            return HookResult.Continue;
        });
        var (authorizer, client, cache) = (broker.Get<Authorizer>(), Client(), new AuthorizationCache());
        foreach (var topic in (string[])["a", "a", "never/a", "never/a"])
            Assert.True(await authorizer.IsAllowedAsync(client, cache, new(true, 0, false, topic)));
        Assert.Equal(["a", "never/a", "never/a"], asked);
        await broker.Get<IAuthorizationCacheControl>().DrainAsync(TestContext.Current.CancellationToken);
        Assert.True(await authorizer.IsAllowedAsync(client, cache, new(true, 0, false, "a")));
        Assert.Equal(4, asked.Count);
        broker.Authorize("""{"sources":[],"cache":{"enable":false}}""");
        Assert.True(await authorizer.IsAllowedAsync(client, cache, new(true, 0, false, "a")));
        Assert.True(await authorizer.IsAllowedAsync(client, cache, new(true, 0, false, "a")));
        Assert.Equal(6, asked.Count);
    }

    [Fact]
    public async Task The_API_lists_what_a_client_s_connection_remembers_until_all_are_drained()
    {
        await using var broker = await StartAsync(FileOf(DenyNo, "\"cache\":{\"excludes\":[\"never/#\"]}"));
        await using var client = await broker.ConnectAsync(new ConnectOptions { ClientId = "listed" });
        await client.SubscribeAsync(null, ("no", 1), ("never/a", 0));
        await client.PublishAsync("yes", qos: 1);
        var control = broker.Get<IClientControl>();
        var found = await control.GetAuthorizationCacheAsync("listed", TestContext.Current.CancellationToken);
        Assert.Equal([(false, "no", false), (true, "yes", true)], found.Value!.Select(static one => (one.Access.IsPublish, one.Access.Topic, one.IsAllowed)));
        await broker.Get<IAuthorizationCacheControl>().DrainAsync(TestContext.Current.CancellationToken);
        Assert.Empty((await control.GetAuthorizationCacheAsync("listed", TestContext.Current.CancellationToken)).Value!);
    }

    [Fact]
    public async Task A_superuser_may_everything_and_what_came_with_credentials_is_asked_before_the_sources()
    {
        await using var broker = await StartAsync(FileOf("""{allow, all, all, ["a"]}.""" + "\n{deny, all}."));
        var (authorizer, client) = (broker.Get<Authorizer>(), Client());
        Assert.Equal((true, false), (await MayAsync("a"), await MayAsync("b")));
        client.Acl = new OwnRules();
        Assert.Equal((false, true, false), (await MayAsync("a"), await MayAsync("b"), await MayAsync("c")));
        client.IsSuperuser = true;
        Assert.Equal((true, true), (await MayAsync("a"), await MayAsync("c")));
        var counts = MetricsSnapshot.Of(broker.Get<Counters>());
        Assert.Equal((2, 2, 3, 0), ((int)counts[Metric.AuthorizationSuperuser], (int)counts[Metric.AuthorizationMatchedAllow],
            (int)counts[Metric.AuthorizationMatchedDeny], (int)counts[Metric.AuthorizationNomatch]));

        ValueTask<bool> MayAsync(string topic) => authorizer.AskAsync(client, new(true, 0, false, topic));
    }

    [Fact]
    public async Task A_will_to_a_topic_that_is_denied_is_dropped()
    {
        await using var broker = await StartAsync(FileOf(DenyNo));
        await using var watcher = await broker.ConnectAsync();
        await watcher.SubscribeAsync(null, ("no/#", 0), ("yes", 0));
        foreach (var topic in (string[])["no", "yes"])
        {
            var client = await broker.ConnectAsync(new ConnectOptions { Will = new Emqx.TestKit.Mqtt.Will(topic, "gone"u8.ToArray()) });
            await client.DropAsync();
            if (topic == "yes")
                Assert.Equal(topic, (await watcher.ExpectMessageAsync()).Topic);
        }
    }

    private static ClientInfo Client() => Fakes.Client();

    /// <summary>Denies a, allows b, and says nothing of the rest.</summary>
    private sealed class OwnRules : IClientAcl
    {
        public AuthzVerdict Check(AuthorizeRequest request) => request.Topic switch { "a" => AuthzVerdict.Deny, "b" => AuthzVerdict.Allow, _ => AuthzVerdict.NoMatch };
    }
}
