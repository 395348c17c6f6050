using Emqx.Broker.Messages;
using Emqx.Broker.Protocol;
using Emqx.Broker.Sessions;
using Emqx.Broker.Settings;
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
}
