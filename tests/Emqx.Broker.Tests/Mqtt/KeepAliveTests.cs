using Emqx.Broker.Settings;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Mqtt;

/// <summary>Keep alive and the time to connect.</summary>
public sealed class KeepAliveTests
{
    [Theory, InlineData(5, 4, 1.5, 6), InlineData(4, 4, 1.5, 6), InlineData(5, 2, 3.0, 6)]
    public async Task A_silent_client_is_cut_off_after_keep_alive_times_the_multiplier(byte version, int keepAlive, double multiplier, int seconds)
    {
        var clock = new ManualClock();
        await using var broker = await TestBroker.StartAsync(new MqttSettings { KeepAliveMultiplier = multiplier }, clock);
        await using var client = await broker.ConnectAsync(new ConnectOptions { Version = version, KeepAlive = keepAlive });
        clock.Advance(TimeSpan.FromSeconds(seconds - 1));
        await client.ExpectNothingAsync();
        clock.Advance(TimeSpan.FromSeconds(seconds - 1));
        await client.ExpectNothingAsync();
        await clock.AdvanceUntilAsync(() => client.HasArrived, TimeSpan.FromSeconds(seconds + 2), "the end");
        await client.ExpectRefusedAsync(ReasonCode.KeepAliveTimeout);
    }

    [Fact]
    public async Task Without_keep_alive_a_client_may_be_silent()
    {
        var clock = new ManualClock();
        await using var broker = await TestBroker.StartAsync(time: clock);
        await using var client = await broker.ConnectAsync(new ConnectOptions { KeepAlive = 0 });
        clock.Advance(TimeSpan.FromHours(1));
        await client.ExpectNothingAsync();
    }

    [Theory, InlineData(5, true), InlineData(4, false)]
    public async Task The_server_s_keep_alive_counts_for_version_5(byte version, bool counts)
    {
        var clock = new ManualClock();
        await using var broker = await TestBroker.StartAsync(new MqttSettings { ServerKeepAlive = 2 }, clock);
        await using var client = await broker.OpenAsync(version);
        var connack = await client.ConnectAsync(new ConnectOptions { Version = version, KeepAlive = 0 });
        Assert.Equal(counts ? 2u : null, connack.Properties.Number(Property.ServerKeepAlive));
        await clock.AdvanceUntilAsync(() => client.HasArrived || clock.GetUtcNow().Second >= 5, TimeSpan.FromSeconds(6), "the end");
        if (counts)
            await client.ExpectRefusedAsync(ReasonCode.KeepAliveTimeout);
        else
            await client.ExpectNothingAsync();
    }

    [Theory, InlineData("silence"), InlineData("half a CONNECT"), InlineData("no end of a length")]
    public async Task Who_does_not_connect_is_dropped_after_the_idle_timeout(string name)
    {
        var clock = new ManualClock();
        await using var broker = await TestBroker.StartAsync(new MqttSettings { IdleTimeout = 3_000 }, clock);
        await using var client = await broker.OpenAsync();
        if (name != "silence")
            await client.SendAsync(name == "half a CONNECT" ? new ConnectOptions().ToPacket()[..9] : [0x10, 0xFF]);
        await Eventually.TrueAsync(() => broker.Get<Broker.Mqtt.Listening.IMqttListeners>().Find("tcp:default")!.CurrentConnections == 1, "the connection is accepted");
        await Task.WhenAll(client.ExpectClosedAsync(), clock.AdvanceUntilAsync(() => clock.GetUtcNow().Second >= 6, TimeSpan.FromSeconds(10), "time"));
    }
}
