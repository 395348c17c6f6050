using Emqx.Broker.Hooks;
using Emqx.Broker.Metrics;
using Emqx.Broker.Mqtt.Listening;
using Emqx.Broker.Sessions;
using Emqx.Broker.Settings;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Emqx.Broker.Tests.Mqtt;

/// <summary>messages_rate and bytes_rate hold a publisher back and lose nothing.</summary>
public sealed class IntakeTests
{
    private static readonly byte[] s_message = [0x30, 8, 0, 1, .. "aLATER"u8];

    private readonly ManualClock _clock = new();

    private Task<TestBroker> StartAsync(LimiterSettings? limiter = null) => TestBroker.StartAsync(time: _clock, configure: services =>
        services.AddSingleton(new SettingsRoot<LimiterSettings>(limiter ?? new LimiterSettings())));

    private static async Task<RawMqttClient> ConnectAsync(TestBroker broker, double messages = -1, double bytes = -1)
    {
        var at = await broker.ListenAsync(new ListenerSettings
        {
            Type = ListenerType.Tcp, Name = Unique.Name("slow"), Bind = TestBroker.Loopback, MessagesRate = messages, BytesRate = bytes,
        });
        var client = await RawMqttClient.OpenTcpAsync(at, 4);
        await client.ConnectAsync(new ConnectOptions { Version = 4, KeepAlive = 5 });
        return client;
    }

    private static long Received(TestBroker broker) => broker.Get<Counters>().Read(Metric.MessagesReceived);

    /// <summary>Lets time go on until so many messages are in.</summary>
    private Task UntilAsync(TestBroker broker, long messages) => Eventually.TrueAsync(() =>
    {
        if (Received(broker) < messages)
            _clock.Advance(TimeSpan.FromMilliseconds(100));
        return Received(broker) >= messages;
    }, "all messages");

    [Fact]
    public async Task Clients_of_a_listener_may_share_a_rate()
    {
        await using var broker = await StartAsync();
        var at = await broker.ListenAsync(new ListenerSettings { Type = ListenerType.Tcp, Name = "shared", Bind = TestBroker.Loopback, SharedMessagesRate = 2 });
        await using var first = await OpenAsync();
        await using var second = await OpenAsync();
        var begun = _clock.GetUtcNow();
        for (var i = 0; i < 5; i++)
        {
            await first.SendAsync(s_message);
            await second.SendAsync(s_message);
        }

        await UntilAsync(broker, 10);
        await first.SendAsync(s_message);
        await second.SendAsync(s_message);
        await UntilAsync(broker, 12);
        Assert.InRange((_clock.GetUtcNow() - begun).TotalSeconds, 4.8, 25); // one of the two waits for all ten

        async Task<RawMqttClient> OpenAsync()
        {
            var client = await RawMqttClient.OpenTcpAsync(at, 4);
            await client.ConnectAsync(new ConnectOptions { Version = 4 });
            return client;
        }
    }

    [Theory]
    [InlineData(2, -1, false), InlineData(-1, 20, false)]
    [InlineData(2, -1, true), InlineData(-1, 20, true)]
    public async Task Who_sends_more_waits_and_loses_nothing(double messages, double bytes, bool verdictsTakeTime)
    {
        await using var broker = await StartAsync();
        using var link = broker.Get<BrokerHooks>().ClientAuthorize.Add(async (_, _) =>
        {
            if (verdictsTakeTime)
                await Task.Yield();
            return HookResult.Continue;
        });
        await using var client = await ConnectAsync(broker, messages, bytes);
        var begun = _clock.GetUtcNow();
        for (var i = 0; i < 10; i++)
            await client.SendAsync(s_message);
        await UntilAsync(broker, 10);
        await client.SendAsync(s_message); // a whole read may be taken at once; the next one waits for all of it
        await UntilAsync(broker, 11);
        Assert.InRange((_clock.GetUtcNow() - begun).TotalSeconds, 3.9, 20);
    }

    [Fact]
    public async Task The_node_bounds_all_clients_together()
    {
        await using var broker = await StartAsync(new LimiterSettings(MessagesRate: 1));
        await using var one = await ConnectAsync(broker);
        await using var other = await ConnectAsync(broker);
        foreach (var client in new[] { one, other, one, other })
            await client.SendAsync(s_message);
        await UntilAsync(broker, 4);
        await one.SendAsync(s_message);
        await UntilAsync(broker, 5);
    }

    [Fact]
    public async Task A_client_that_is_held_back_can_be_closed()
    {
        await using var broker = await StartAsync();
        await using var client = await ConnectAsync(broker, messages: 0.01);
        await client.SendAsync(s_message);
        await Eventually.TrueAsync(() => Received(broker) == 1, "the message");
        var gone = broker.Get<IMqttListeners>();
        await gone.StopAsync(Id(broker), TestContext.Current.CancellationToken);
        await client.ExpectClosedAsync();
    }

    private static string Id(TestBroker broker) => broker.Get<SessionTable>().All.Single().Client.Listener;
}
