using Emqx.Broker.Messages;
using Emqx.Broker.Mqtt;
using Emqx.Broker.Protocol;
using Emqx.Broker.Sessions;
using Emqx.Broker.Settings;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Mqtt;

/// <summary>What a client has not acknowledged comes again when it is back, as it has room for it.</summary>
public sealed class ResendTests
{
    private const int Count = 40, Size = 200_000;

    private readonly string _topic = Unique.Topic();
    private readonly ConnectOptions _options = ConnectOptions.Lasting(Unique.Name("c")) with
    {
        Properties = new PropertyList { { Property.SessionExpiryInterval, 3600 }, { Property.ReceiveMaximum, 32 } },
    };

    /// <summary>A session with 32 messages in flight and 8 that wait.</summary>
    private async Task<TestBroker> StartAsync()
    {
        var broker = await TestBroker.StartAsync();
        await using var client = await broker.ConnectAsync(_options);
        await client.SubscribeAsync(_topic, 1);
        for (var i = 0; i < Count; i++)
        {
            var payload = new byte[Size];
            payload[0] = (byte)i;
            broker.Get<Publisher>().Publish(Message.Create(_topic, payload, "p", 0, qos: 1));
        }

        for (var i = 0; i < 32; i++)
            Assert.Equal(i, (await client.ExpectMessageAsync()).Payload[0]);
        return broker;
    }

    [Fact]
    public async Task A_takeover_whose_client_does_not_read_costs_no_more_than_its_outbox()
    {
        await using var broker = await StartAsync();
        await using var stuck = await RawMqttClient.OpenTcpAsync(broker.Tcp, reads: false, receiveBuffer: 4096);
        await stuck.SendAsync(_options.ToPacket());
        await Eventually.TrueAsync(() => broker.Get<SessionTable>().Find(_options.ClientId)!.IsConnected, "it is back");
        var connection = Assert.IsType<Connection>(broker.Get<SessionTable>().Find(_options.ClientId)!.Link);
        Assert.InRange(connection.Outbox.Waiting, 0, new ListenerSettings { Type = ListenerType.Tcp, Name = "x", Bind = TestBroker.Loopback }.HighWatermark);
    }

    [Fact]
    public async Task All_come_again_in_order_and_what_waited_behind_them()
    {
        await using var broker = await StartAsync();
        await using var back = await broker.OpenAsync();
        Assert.True((await back.ConnectAsync(_options)).SessionPresent);
        for (var i = 0; i < Count; i++)
        {
            var message = await back.ExpectMessageAsync(acknowledge: true);
            Assert.Equal((i, i < 32), (message.Payload[0], message.Dup));
        }

        await back.ExpectNothingAsync();
    }

    [Fact]
    public async Task What_was_acknowledged_before_it_came_again_does_not_come()
    {
        await using var broker = await StartAsync();
        await using var back = await broker.OpenAsync();
        Assert.True((await back.ConnectAsync(_options)).SessionPresent);
        var first = await back.ExpectMessageAsync(acknowledge: true);
        for (var id = first.PacketId + 1; id < first.PacketId + 32; id++)
            await back.SendAsync(Packets.Ack(PacketType.Puback, id));
        var seen = 1;
        for (var message = first; message.Payload[0] < Count - 1; seen++)
            message = await back.ExpectMessageAsync(acknowledge: true);
        Assert.InRange(seen, Count - 32, Count);
        await back.ExpectNothingAsync();
    }
}
