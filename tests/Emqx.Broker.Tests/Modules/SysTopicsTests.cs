using System.Text;
using System.Text.Json;
using Emqx.Broker.Hooks;
using Emqx.Broker.Metrics;
using Emqx.Broker.Modules.SysTopics;
using Emqx.Broker.Monitoring;
using Emqx.Broker.Protocol;
using Emqx.Broker.Settings;
using Emqx.Broker.Tests.Monitoring;
using Emqx.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Emqx.Broker.Tests.Modules;

public class SysTopicsTests
{
    private const string Prefix = "$SYS/brokers/emqx@127.0.0.1/";
    private readonly ManualClock _time = Fakes.Clock();
    private readonly PublishedMessages _published = new();
    private readonly SettingsRoot<SysTopicsSettings> _settings = new(new SysTopicsSettings());
    private readonly BrokerHooks _hooks = new(NullLogger<BrokerHooks>.Instance, TimeProvider.System);

    private SysTopicsPublisher Publisher()
    {
        var stats = new Stats { Sources = [new FixedGauges { Value = new NodeGauges { Topics = 3 } }] };
        var counters = new Counters();
        var identity = Fakes.Node(_time);
        return new SysTopicsPublisher(_published, _settings, stats, counters, identity,
            new LocalNode(identity, stats, counters, new HostFacts(new HostPaths("/none"), _time), _time), _time);
    }

    private async Task<string[]> BeatAsync(SysTopicsPublisher publisher, int seconds)
    {
        _published.All.Clear();
        _time.Advance(TimeSpan.FromSeconds(seconds));
        await publisher.TickAsync(_time.Ms(), default);
        return [.. _published.All.Select(m => m.Topic)];
    }

    [Fact]
    public async Task Everything_comes_at_its_interval_the_first_one_interval_after_the_start()
    {
        using var publisher = Publisher();
        Assert.Empty(await BeatAsync(publisher, 29));
        Assert.Equal([Prefix + "uptime", Prefix + "datetime"], await BeatAsync(publisher, 1));
        var topics = await BeatAsync(publisher, 30);
        Assert.Contains(Prefix + "uptime", topics);
        Assert.Contains(Prefix + "stats/subscriptions/shared/max", topics);
        Assert.Contains(Prefix + "stats/durable_subscriptions/count", topics);
        Assert.Contains(Prefix + "metrics/messages/dropped/no_subscribers", topics);
        Assert.Equal(2 + 3 + 13 * 2 + Metric.Names.Length, topics.Length);
        Assert.Equal(["$SYS/brokers", Prefix + "version", Prefix + "sysdescr"], _published.All.Where(m => m.Retain).Select(m => m.Topic));
        Assert.All(_published.All, m => Assert.True(m is { IsSystem: true, From: "emqx_sys", Qos: 0 }));
        Assert.Equal("3", Encoding.UTF8.GetString(_published.All.Single(m => m.Topic.EndsWith("stats/topics/count", StringComparison.Ordinal)).Payload.Span));
    }

    [Fact]
    public async Task The_date_has_nanoseconds_and_uptime_milliseconds()
    {
        using var publisher = Publisher();
        await BeatAsync(publisher, 30);
        var texts = _published.All.Select(m => Encoding.UTF8.GetString(m.Payload.Span)).ToArray();
        Assert.Equal(["30000", "2026-11-22T20:00:33.000000000+00:00"], texts);
    }

    [Fact]
    public async Task A_change_of_the_interval_counts_from_the_next_tick_and_disabled_means_never()
    {
        using var publisher = Publisher();
        _settings.Replace(new SysTopicsSettings(SysHeartbeatInterval: 5_000, SysMsgInterval: -1));
        Assert.Empty(await BeatAsync(publisher, 6));
        Assert.NotEmpty(await BeatAsync(publisher, 24));
        Assert.Equal(2, (await BeatAsync(publisher, 5)).Length);
        await BeatAsync(publisher, 30);
        Assert.Equal(2, (await BeatAsync(publisher, 3600)).Length);
        _settings.Replace(new SysTopicsSettings());
        Assert.True((await BeatAsync(publisher, 1)).Length > 100);
    }

    [Fact]
    public async Task Events_have_exactly_the_keys_of_EMQX()
    {
        _settings.Replace(new SysTopicsSettings(ClientSubscribed: true, ClientUnsubscribed: true));
        var events = new SysEvents(_published, _settings, Fakes.Node(_time), _time, NullLogger<SysEvents>.Instance);
        events.Attach(_hooks);
        using var stopping = new CancellationTokenSource();
        var running = events.RunAsync(stopping.Token);
        var client = Fakes.Client("a/b");
        _hooks.ClientDisconnected.Tell(new ClientDisconnected(client, null!, "keepalive_timeout", 77));
        var (topic, left) = await NextAsync();
        Assert.Equal(Prefix + "clients/a/b/disconnected", topic);
        Assert.Equal(Sorted("username ts sockport reason protocol proto_ver proto_name ipaddress disconnected_at connected_at clientid"), Keys(left));
        Assert.Equal("undefined", left.GetProperty("username").GetString());
        Assert.Equal("192.0.2.7", left.GetProperty("ipaddress").GetString());
        await stopping.CancelAsync();
        await running;
    }

    [Theory]
    [InlineData("connected", "username ts sockport protocol proto_ver proto_name keepalive ipaddress expiry_interval connected_at clientid clean_start")]
    [InlineData("subscribed", "username ts topic subopts protocol clientid")]
    [InlineData("unsubscribed", "username ts topic protocol clientid")]
    public void Each_event_has_its_keys(string what, string keys)
    {
        var one = new SysEvent(what, 5, Fakes.Client(username: "u"))
        {
            Expiry = 7200, Filter = what == "connected" ? "" : "$share/g/t", Options = new SubscriptionOptions(1, true, false, 2, 0), IsNew = true,
        };
        using var json = JsonDocument.Parse(one.ToJson());
        Assert.Equal(Sorted(keys), Keys(json.RootElement));
        if (what == "connected")
            Assert.Equal(7_200_000, json.RootElement.GetProperty("expiry_interval").GetInt64());
        if (what == "subscribed")
            Assert.Equal("""{"sub_props":{},"rh":2,"rap":0,"qos":1,"nl":1,"is_new":true}""", json.RootElement.GetProperty("subopts").GetRawText());
    }

    private static string[] Sorted(string keys) => [.. keys.Split(' ').Order(StringComparer.Ordinal)];

    private static string[] Keys(JsonElement json) => [.. json.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal)];

    private async Task<(string, JsonElement)> NextAsync()
    {
        var message = await _published.NextAsync();
        return (message.Topic, JsonDocument.Parse(message.Payload).RootElement);
    }
}
