using Emqx.Broker.Mqtt;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Mqtt;

/// <summary>What those who have not connected, and tables of topic aliases, may take of the node's memory.</summary>
public sealed class StrangerMemoryTests
{
    private static byte[] Announced(int length) => [0x10, (byte)(length & 0x7F | 0x80), (byte)(length >> 7 & 0x7F | 0x80), (byte)(length >> 14 & 0x7F | 0x80), (byte)(length >> 21)];

    [Fact]
    public async Task A_connect_over_the_bound_is_refused_on_its_head_and_a_client_s_packets_are_not()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var stranger = await broker.OpenAsync();
        await stranger.SendAsync(Announced(UnfinishedConnects.LargestPacket));
        await stranger.ExpectClosedAsync();
        await using var client = await broker.ConnectAsync(new ConnectOptions { Password = new byte[60_000], Username = new string('u', 60_000) });
        await client.SendAsync(Packets.Publish(5, "t", new byte[900_000]));
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task Unfinished_connects_hold_a_bounded_number_of_bytes_and_hinder_nobody()
    {
        await using var broker = await TestBroker.StartAsync(time: new ManualClock());
        var unfinished = broker.Get<PacketHandlers>().Unfinished;
        List<RawMqttClient> strangers = [];
        var piece = new byte[200 * 1024];
        for (var i = 0; i < 200; i++)
        {
            var stranger = await broker.OpenAsync();
            strangers.Add(stranger);
            try
            {
                await stranger.SendAsync(Announced(250_000));
                await stranger.SendAsync(piece);
            }
            catch (IOException)
            {
                // It was closed while it sent.
            }

            Assert.InRange(unfinished.Held, 0, UnfinishedConnects.Limit);
        }

        await Eventually.TrueAsync(() => strangers.Exists(static one => one.HasArrived), "some are closed");
        var connect = new ConnectOptions().ToPacket();
        await using var client = await broker.OpenAsync();
        await client.SendAsync(connect.AsMemory(0, 5));
        await client.SendAsync(connect.AsMemory(5));
        Assert.Equal(0, (await client.ExpectAsync(PacketType.Connack)).ReasonCode);
        foreach (var stranger in strangers)
            await stranger.DisposeAsync();
        await Eventually.TrueAsync(() => unfinished.Held == 0, "nothing is held any more");
    }

    [Fact]
    public async Task A_large_connect_that_arrives_in_pieces_gives_back_what_it_held()
    {
        await using var broker = await TestBroker.StartAsync();
        var connect = new ConnectOptions { Password = new byte[60_000], Username = new string('u', 60_000) }.ToPacket();
        await using var client = await broker.OpenAsync();
        for (var at = 0; at < connect.Length; at += 20_000)
            await client.SendAsync(connect.AsMemory(at, Math.Min(20_000, connect.Length - at)));
        Assert.Equal(0, (await client.ExpectAsync(PacketType.Connack)).ReasonCode);
        await Eventually.TrueAsync(() => broker.Get<PacketHandlers>().Unfinished.Held == 0, "nothing is held any more");
    }

    [Fact]
    public async Task A_client_s_aliases_are_bounded_in_bytes()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var client = await broker.ConnectAsync();
        for (var alias = 1; alias <= 40; alias++)
            await client.SendAsync(Packets.Publish(5, $"{alias}{new string('t', 60_000)}", "x", properties: new PropertyList { { Property.TopicAlias, (uint)alias } }));
        await client.ExpectRefusedAsync(0x97);
        await using var same = await broker.ConnectAsync();
        for (var i = 1; i <= 80; i++)
            await same.SendAsync(Packets.Publish(5, $"{i}{new string('t', 60_000)}", "x", properties: new PropertyList { { Property.TopicAlias, 1 } }));
        await same.ExpectNothingAsync();
    }

    [Fact]
    public async Task Deliveries_go_on_without_an_alias_where_the_table_is_full()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var client = await broker.ConnectAsync(new ConnectOptions { Properties = { { Property.TopicAliasMaximum, 65535 } } });
        await client.SubscribeAsync("#", 1);
        await using var publisher = await broker.ConnectAsync();
        var aliased = 0;
        for (var i = 1; i <= 20; i++)
        {
            var topic = $"{i}{new string('t', 60_000)}";
            await publisher.PublishAsync(topic, qos: 1);
            var message = await client.ExpectMessageAsync(acknowledge: true);
            Assert.Equal(topic, message.Topic);
            aliased += message.Properties.Has(Property.TopicAlias) ? 1 : 0;
        }

        Assert.InRange(aliased, 1, 10);
    }
}
