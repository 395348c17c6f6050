using Emqx.Broker.Clients;
using Emqx.Broker.Hooks;
using Emqx.Broker.Mqtt.Listening;
using Emqx.Broker.Sessions;
using Emqx.Broker.Settings;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Mqtt;

/// <summary>The wall clock is set back or forward, by NTP or by a virtual machine that wakes up: what lasts neither stops nor ends by it.</summary>
public sealed class WallClockTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private readonly string _topic = Unique.Topic();
    private TestBroker _broker = null!;

    public async ValueTask InitializeAsync() => _broker = await TestBroker.StartAsync(new MqttSettings { IdleTimeout = 3000, RetryInterval = 5000 }, _clock);

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    [Theory, InlineData(-1), InlineData(1), InlineData(-24), InlineData(24)]
    public async Task A_silent_client_is_cut_off_and_one_that_speaks_is_not(int hours)
    {
        await using var silent = await _broker.ConnectAsync(new ConnectOptions { KeepAlive = 10 });
        await using var speaking = await _broker.ConnectAsync(new ConnectOptions { KeepAlive = 10 });
        SetClock(hours);
        await silent.ExpectNothingAsync();
        // Silence counts from the end of the node's own work for the last packet, which may come after its answer.
        for (var i = 0; i < 2 || (i < 10 && !silent.HasArrived); i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(8));
            await speaking.ExpectNothingAsync();
        }

        await silent.ExpectRefusedAsync(ReasonCode.KeepAliveTimeout);
        await speaking.ExpectNothingAsync();
    }

    [Theory, InlineData(-1), InlineData(1)]
    public async Task Who_does_not_connect_is_dropped_after_the_idle_timeout_and_not_before(int hours)
    {
        await using var client = await _broker.OpenAsync();
        await Eventually.TrueAsync(() => _broker.Get<IMqttListeners>().Find("tcp:default")!.CurrentConnections == 1, "the connection is accepted");
        SetClock(hours);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(1, _broker.Get<IMqttListeners>().Find("tcp:default")!.CurrentConnections);
        // The timeout begins with the connection's own first turn, which may come after it is counted.
        await Eventually.TrueAsync(() =>
        {
            _clock.Advance(TimeSpan.FromSeconds(2));
            return client.HasArrived;
        }, "the timeout ends the connection");
        await client.ExpectClosedAsync();
    }

    [Theory, InlineData(-1), InlineData(1)]
    public async Task A_session_waits_as_long_as_it_was_to_and_its_will_as_well(int hours)
    {
        await using var watcher = await _broker.ConnectAsync(new ConnectOptions { KeepAlive = 0 });
        await watcher.SubscribeAsync(_topic, 1);
        var options = ConnectOptions.Lasting(Unique.Name("s"), seconds: 60) with
        {
            KeepAlive = 0, Will = new Will(_topic, "will"u8.ToArray()) { Properties = { { Property.WillDelayInterval, 30 } } },
        };
        var gone = _broker.GoneAsync(options.ClientId);
        await (await _broker.ConnectAsync(options)).DropAsync();
        await gone;
        SetClock(hours);
        _clock.Advance(TimeSpan.FromSeconds(25));
        await watcher.ExpectNothingAsync();
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("will", (await watcher.ExpectMessageAsync()).PayloadText);
        _clock.Advance(TimeSpan.FromSeconds(20));
        Assert.NotNull(_broker.Get<SessionTable>().Find(options.ClientId));
        _clock.Advance(TimeSpan.FromSeconds(10));
        await Eventually.TrueAsync(() => _broker.Get<SessionTable>().Find(options.ClientId) is null, "the session has expired");
    }

    [Theory, InlineData(-1), InlineData(1)]
    public async Task What_is_not_acknowledged_is_sent_again_in_time(int hours)
    {
        await using var client = await _broker.ConnectAsync(new ConnectOptions { KeepAlive = 0 });
        await client.SubscribeAsync(_topic, 1);
        await client.SendAsync(Packets.Publish(5, _topic, "x", qos: 1, id: 7));
        await client.ExpectMessageAsync();
        await client.ExpectAsync(PacketType.Puback);
        SetClock(hours);
        await client.ExpectNothingAsync();
        _clock.Advance(TimeSpan.FromSeconds(8));
        Assert.True((await client.ExpectMessageAsync()).Dup);
    }

    [Theory, InlineData(-1), InlineData(1)]
    public async Task What_people_read_is_the_wall_clock_s(int hours)
    {
        SetClock(hours);
        await using var client = await _broker.ConnectAsync(new ConnectOptions { ClientId = _topic, KeepAlive = 0 });
        var session = _broker.Get<SessionTable>().Find(_topic)!;
        Assert.Equal(_clock.GetUtcNow().ToUnixTimeMilliseconds(), session.Client.ConnectedAt);
        using var link = _broker.Get<BrokerHooks>().ClientAuthorize.Add(static _ => HookResult.Continue);
        await client.PublishAsync("a", qos: 1);
        var cache = await _broker.Get<IClientControl>().GetAuthorizationCacheAsync(_topic, TestContext.Current.CancellationToken);
        Assert.Equal(_clock.GetUtcNow().ToUnixTimeMilliseconds(), Assert.Single(cache.Value!).UpdatedAt);
    }

    /// <summary>The node notices with the next tick.</summary>
    private void SetClock(int hours)
    {
        _clock.Set(TimeSpan.FromHours(hours));
        _clock.Advance(TimeSpan.FromMilliseconds(100));
    }
}
