using System.Net;
using System.Net.Sockets;
using Emqx.Broker.Settings;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Mqtt;

/// <summary>limiter.max_conn_rate and that of a listener: the first counts the connections of all listeners, and can be changed while they are open.</summary>
public sealed class NodeConnectionRateTests
{
    [Fact]
    public async Task All_listeners_share_the_rate_of_the_node()
    {
        var clock = new ManualClock();
        await using var broker = await TestBroker.StartAsync(time: clock);
        var other = await broker.ListenAsync(new ListenerSettings { Type = ListenerType.Tcp, Name = "other", Bind = TestBroker.Loopback });
        broker.Get<SettingsRoot<LimiterSettings>>().Replace(new LimiterSettings(2));
        Assert.Equal(0, await ConnectAsync(broker.Tcp));
        Assert.Equal(0, await ConnectAsync(other));
        await ExpectTurnedAwayAsync(broker.Tcp);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, await ConnectAsync(other));
    }

    [Fact]
    public async Task A_listener_has_a_rate_of_its_own()
    {
        var clock = new ManualClock();
        await using var broker = await TestBroker.StartAsync(time: clock);
        var slow = await broker.ListenAsync(new ListenerSettings { Type = ListenerType.Tcp, Name = "slow", Bind = TestBroker.Loopback, MaxConnectionRate = 1 });
        Assert.Equal(0, await ConnectAsync(slow));
        await ExpectTurnedAwayAsync(slow);
        Assert.Equal(0, await ConnectAsync(broker.Tcp));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, await ConnectAsync(slow));
    }

    private static async Task<int> ConnectAsync(IPEndPoint listener)
    {
        await using var client = await RawMqttClient.OpenTcpAsync(listener);
        return (await client.ConnectAsync(new ConnectOptions())).ReasonCode;
    }

    /// <summary>The listener resets the connection before any packet; the reset may come while the client still connects.</summary>
    private static async Task ExpectTurnedAwayAsync(IPEndPoint listener)
    {
        try
        {
            await using var client = await RawMqttClient.OpenTcpAsync(listener);
            await client.ExpectClosedAsync();
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionReset)
        {
        }
    }
}
