using System.Net;
using Emqx.Broker.Settings;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Mqtt;

/// <summary>limiter.max_conn_rate counts the connections of all listeners, and can be changed while they are open.</summary>
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
        Assert.NotNull(await Record.ExceptionAsync(() => ConnectAsync(broker.Tcp)));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, await ConnectAsync(other));
    }

    private static async Task<int> ConnectAsync(IPEndPoint listener)
    {
        await using var client = await RawMqttClient.OpenTcpAsync(listener);
        return (await client.ConnectAsync(new ConnectOptions())).ReasonCode;
    }
}
