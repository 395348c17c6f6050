using Emqx.Broker.Mqtt;
using Emqx.Broker.Sessions;
using Emqx.Broker.Settings;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Mqtt;

/// <summary>Clients that take nothing from the wire, or never finish what they begin.</summary>
public sealed class SlowReaderTests
{
    private readonly string _topic = Unique.Topic();

    [Fact]
    public async Task A_client_that_stops_reading_holds_up_nobody_and_costs_bounded_memory()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var stuck = await RawMqttClient.OpenTcpAsync(broker.Tcp, reads: false, receiveBuffer: 4096);
        await stuck.SendAsync(new ConnectOptions().ToPacket());
        await stuck.SendAsync(Packets.Subscribe(5, 1, null, (_topic, 0)));
        await using var reader = await broker.ConnectAsync();
        await reader.SubscribeAsync(_topic);
        await using var publisher = await broker.ConnectAsync();
        var message = Packets.Publish(5, _topic, new byte[32 * 1024]);
        // The process' memory is that of all tests that run beside this one: ask what waits for the client itself. The most of it: on a loaded
        // machine this takes longer than such a client is let live.
        var waiting = 0L;
        for (var i = 0; i < 2000; i++)
        {
            await publisher.SendAsync(message);
            await reader.ExpectMessageAsync();
            waiting = Math.Max(waiting, broker.Get<SessionTable>().Connections.OfType<Connection>().Max(static connection => connection.Outbox.Waiting));
        }

        await publisher.ExpectNothingAsync();
        Assert.InRange(waiting, 1, new ListenerSettings { Type = ListenerType.Tcp, Name = "x", Bind = TestBroker.Loopback }.HighWatermark);
    }

    [Fact]
    public async Task A_stuck_client_can_be_taken_over()
    {
        await using var broker = await TestBroker.StartAsync();
        var options = new ConnectOptions();
        await using var stuck = await RawMqttClient.OpenTcpAsync(broker.Tcp, reads: false, receiveBuffer: 4096);
        await stuck.SendAsync(options.ToPacket());
        await stuck.SendAsync(Packets.Subscribe(5, 1, null, (_topic, 0)));
        await using var publisher = await broker.ConnectAsync();
        for (var i = 0; i < 100; i++)
            await publisher.PublishAsync(_topic, new string('x', 64 * 1024));
        await using var newer = await broker.ConnectAsync(options);
        await newer.ExpectNothingAsync();
    }

    [Fact]
    public async Task Half_sent_packets_of_many_connections_hold_up_nobody()
    {
        await using var broker = await TestBroker.StartAsync();
        var half = new List<RawMqttClient>();
        for (var i = 0; i < 200; i++)
        {
            var client = await broker.OpenAsync();
            await client.SendAsync(new byte[] { 0x10, 0xFF, 0xFF, 0x3F, 0, 4 });
            half.Add(client);
        }

        await using var sound = await broker.ConnectAsync();
        Assert.Equal(ReasonCode.NoMatchingSubscribers, await sound.PublishAsync(_topic, qos: 1));
        foreach (var client in half)
            await client.DisposeAsync();
    }
}
