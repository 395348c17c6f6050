using Emqx.Broker.Messages;
using Emqx.Broker.Modules.Alarms;
using Emqx.Broker.Modules.Memory;
using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;
using Emqx.Broker.Sessions;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Modules.Memory;

public sealed class MemoryGuardTests
{
    private const int Size = 100_000;
    private readonly string _topic = Unique.Topic();
    private readonly string _id = Unique.Name("away");

    private static MemoryGuard Guard(TestBroker broker, long available) => new(new TestHeap { Available = available }, broker.Get<SessionContext>(),
        broker.Get<SessionTable>(), broker.Get<IAlarmControl>());

    private static async Task<bool> IsRaisedAsync(TestBroker broker)
    {
        var active = await broker.Get<IAlarmDirectory>().ListAsync(active: true, default);
        return active.Any(static alarm => alarm.Name == MemoryGuard.Alarm);
    }

    private void Publish(TestBroker broker, byte qos, int count)
    {
        for (var i = 0; i < count; i++)
            broker.Get<Publisher>().Publish(Message.Create(_topic, new byte[Size], "p", 0, qos));
    }

    private async Task<Session> AwayAsync(TestBroker broker)
    {
        await using (var client = await broker.ConnectAsync(ConnectOptions.Lasting(_id)))
        {
            await client.SubscribeAsync(_topic, 1);
            await client.DisconnectAsync();
        }

        await Eventually.TrueAsync(() => !broker.Get<SessionTable>().Connections.Any(), "it has left");
        return broker.Get<SessionTable>().Find(_id)!;
    }

    [Fact]
    public async Task Over_the_high_watermark_qos_0_is_no_longer_queued_until_the_low_one_is_passed()
    {
        await using var broker = await TestBroker.StartAsync();
        var session = await AwayAsync(broker);
        Publish(broker, qos: 1, count: 30);
        var held = session.HeldBytes;

        await Guard(broker, available: 12_000_000).TickAsync(0, default);
        Publish(broker, qos: 0, count: 3);
        Assert.Equal(held, session.HeldBytes);
        Publish(broker, qos: 1, count: 1);
        Assert.True(session.HeldBytes > held);
        Assert.True(await IsRaisedAsync(broker));

        await Guard(broker, available: 1L << 30).TickAsync(0, default);
        Publish(broker, qos: 0, count: 1);
        Assert.True(session.HeldBytes > held + Size + 1000);
        Assert.False(await IsRaisedAsync(broker));
    }

    [Fact]
    public async Task Over_the_limit_a_queue_above_its_share_grows_no_more_and_one_below_it_does()
    {
        await using var broker = await TestBroker.StartAsync();
        var session = await AwayAsync(broker);
        await Guard(broker, available: 1).TickAsync(0, default);
        Publish(broker, qos: 1, count: 1);
        await Guard(broker, available: 1).TickAsync(0, default);
        Publish(broker, qos: 1, count: 100);
        Assert.InRange(session.HeldBytes, HeldBytes.Share, HeldBytes.Share + (2 * Size));
    }

    [Fact]
    public async Task Over_the_limit_a_client_that_does_not_read_is_cut_off()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var slow = await RawMqttClient.OpenTcpAsync(broker.Tcp, reads: false, receiveBuffer: 4096);
        await slow.SendAsync(new ConnectOptions().ToPacket());
        await slow.SendAsync(Packets.Subscribe(5, 1, null, (_topic, 1)));
        await Eventually.TrueAsync(() => broker.Get<Router>().SubscriptionCount == 1, "it has subscribed");
        Publish(broker, qos: 1, count: 100);
        await Guard(broker, available: 1).TickAsync(0, default);
        Assert.Empty(broker.Get<SessionTable>().Connections);
    }

    [Fact]
    public async Task Over_the_limit_a_client_with_a_large_table_of_aliases_is_cut_off_and_others_are_not()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var other = await broker.ConnectAsync();
        await using var heavy = await broker.ConnectAsync();
        for (var alias = 1u; alias <= 20; alias++)
            await heavy.SendAsync(Packets.Publish(5, $"{alias}{new string('t', 60_000)}", "x", properties: new PropertyList { { Property.TopicAlias, alias } }));
        await heavy.ExpectNothingAsync();
        await Guard(broker, available: 1).TickAsync(0, default);
        await heavy.ExpectRefusedAsync(ReasonCode.QuotaExceeded);
        await other.ExpectNothingAsync();
    }
}
