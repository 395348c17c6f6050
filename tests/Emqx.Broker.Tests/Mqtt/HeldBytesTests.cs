using Emqx.Broker.Hooks;
using Emqx.Broker.Messages;
using Emqx.Broker.Mqtt;
using Emqx.Broker.Protocol;
using Emqx.Broker.Sessions;
using Emqx.Broker.Settings;
using Emqx.Broker.Tests.Hooks;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Mqtt;

/// <summary>Bytes of what waits for clients: counted for each and for the node, and bounded by force_shutdown.</summary>
public sealed class HeldBytesTests
{
    private readonly string _topic = Unique.Topic();

    private static HeldBytes HeldOf(TestBroker broker) => broker.Get<SessionContext>().Held;

    private void Publish(TestBroker broker, int size, int count = 1)
    {
        for (var i = 0; i < count; i++)
            broker.Get<Publisher>().Publish(Message.Create(_topic, new byte[size], "p", 0, qos: 1));
    }

    [Fact]
    public async Task What_waits_for_a_client_is_counted_until_it_has_acknowledged_it()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var client = await broker.ConnectAsync();
        await client.SubscribeAsync(_topic, 1);
        var session = broker.Get<SessionTable>().Find(broker.Get<SessionTable>().Connections.Single().Client!.ClientId)!;
        Publish(broker, 10_000, count: 50); // 32 of them in flight
        Assert.InRange(session.HeldBytes, 50 * 10_000, 50 * 10_400);
        Assert.InRange(HeldOf(broker).Total, 49 * 10_000, 50 * 10_400);
        for (var i = 0; i < 50; i++)
            await client.ExpectMessageAsync(acknowledge: true);
        await client.ExpectNothingAsync();
        Assert.Equal(0, session.HeldBytes);
        Assert.InRange(HeldOf(broker).Total, 0, 20_000);
    }

    [Theory, InlineData(1_000_000), InlineData(500)]
    public async Task A_large_payload_counts_once_for_the_node_and_nothing_is_left_when_its_sessions_end(int size)
    {
        await using var broker = await TestBroker.StartAsync();
        var table = broker.Get<SessionTable>();
        var ids = Enumerable.Range(0, 5).Select(_ => Unique.Name("c")).ToArray();
        foreach (var id in ids)
        {
            await using var client = await broker.ConnectAsync(ConnectOptions.Lasting(id));
            await client.SubscribeAsync(_topic, 1);
            await client.DisconnectAsync();
        }

        await Eventually.TrueAsync(() => !table.Connections.Any(), "they have left");
        Publish(broker, size, count: 20);
        Assert.All(ids, id => Assert.InRange(table.Find(id)!.HeldBytes, 20L * size, 20L * (size + 400)));
        Assert.InRange(HeldOf(broker).Total, 0, size > 1024 ? 20L * size + 100_000 : 100L * (size + 400));
        Assert.All(ids, id => Assert.True(table.Kick(table.Find(id)!)));
        Assert.InRange(HeldOf(broker).Total, 0, 5 * 8192);
    }

    [Theory, InlineData(0, false), InlineData(30 * 400, true)]
    public async Task The_heap_size_of_force_shutdown_bounds_queue_and_window_together_and_zero_bounds_nothing(long bound, bool ends)
    {
        await using var broker = await TestBroker.StartAsync();
        var zone = broker.Get<SettingsRoot<ZoneSettings>>();
        zone.Replace(zone.Current with { ForceShutdown = new ForceShutdownSettings(MaxHeapSize: bound) });
        await using var client = await broker.ConnectAsync();
        await client.SubscribeAsync(_topic, 1);
        Publish(broker, 8, count: 40);
        for (var i = 0; i < 32 && !ends; i++)
            await client.ExpectMessageAsync();
        if (ends)
            await Eventually.TrueAsync(() => broker.Get<SessionTable>().Count == 0, "its session is ended");
        else
            await client.ExpectNothingAsync();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Topic_aliases_of_both_ways_count_for_the_node_until_their_client_leaves(bool incoming)
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync(new ConnectOptions { Properties = { { Property.TopicAliasMaximum, 65535 } } });
        await client.SubscribeAsync(_topic + "/#", 0);
        for (var alias = 1u; alias <= 8; alias++)
        {
            var topic = $"{_topic}/{alias}{new string('t', 50_000)}";
            if (incoming)
                await client.SendAsync(Packets.Publish(5, "x" + topic, "x", properties: new PropertyList { { Property.TopicAlias, alias } }));
            else
                broker.Get<Publisher>().Publish(Message.Create(topic, "x"u8.ToArray(), "p", 0, qos: 0));
        }

        await Eventually.TrueAsync(() => HeldOf(broker).Total is > 8 * 100_000 and < 8 * 102_000, "all are counted");
        Assert.InRange(broker.Get<SessionTable>().Connections.Single().HeldBytes, 8 * 100_000, 8 * 102_000);
        await client.SendAsync(Packets.Publish(5, "short", "x", properties: new PropertyList { { Property.TopicAlias, 1 } }));
        await Eventually.TrueAsync(() => !incoming || HeldOf(broker).Total < 8 * 100_000, "an alias that is moved counts as what it is now");
        await client.DropAsync();
        await Eventually.TrueAsync(() => HeldOf(broker).Total == 0, "nothing is held any more");
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_CONNECT_that_waits_for_its_verdict_counts_until_it_has_it_or_its_client_leaves(bool leaves)
    {
        await using var broker = await TestBroker.StartAsync();
        using var authenticating = new WaitingLink<AuthenticateRequest>(broker.Get<BrokerHooks>().ClientAuthenticate, static _ => true);
        await using var client = await broker.OpenAsync();
        await client.SendAsync(new ConnectOptions { Password = new byte[60_000], Username = new string('u', 60_000) }.ToPacket());
        var question = await authenticating.AskedAsync();
        Assert.InRange(HeldOf(broker).Total, 120_000, 121_000);
        await Eventually.TrueAsync(() => broker.Get<PacketHandlers>().Unfinished.Held is > 110_000 and < 120_000, "it is a stranger's, of which there is no more than so much");
        if (leaves)
            await client.DropAsync();
        question.Answer(static request => request.Allowed = true);
        if (!leaves)
            Assert.Equal(0, (await client.ExpectAsync(PacketType.Connack)).ReasonCode);
        await Eventually.TrueAsync(() => HeldOf(broker).Total == 0 && broker.Get<PacketHandlers>().Unfinished.Held == 0, "nothing is held any more");
    }
}
