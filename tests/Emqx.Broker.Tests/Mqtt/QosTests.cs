using Emqx.Broker.Settings;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Mqtt;

/// <summary>The flows of QoS 0, 1 and 2, and what bounds them.</summary>
public sealed class QosTests(SharedBroker broker)
{
    private readonly string _topic = Unique.Topic();

    [Theory, InlineData(0), InlineData(1), InlineData(2)]
    public async Task The_lower_QoS_counts(int published)
    {
        await using var client = await broker.ConnectAsync();
        for (var granted = 0; granted <= 2; granted++)
            Assert.Equal(new byte[] { (byte)granted }, await client.SubscribeAsync($"{_topic}/{granted}", (byte)granted));
        await using var publisher = await broker.ConnectAsync();
        for (var granted = 0; granted <= 2; granted++)
        {
            Assert.Equal(0, await publisher.PublishAsync($"{_topic}/{granted}", qos: published));
            var message = await client.ExpectMessageAsync(acknowledge: true);
            Assert.Equal(Math.Min(granted, published), message.Qos);
        }
    }

    [Theory, InlineData(4, 1, "4002"), InlineData(4, 2, "5002"), InlineData(5, 1, "4004"), InlineData(5, 2, "5004")]
    public async Task Acknowledgements_have_EMQX_s_length(byte version, int qos, string head)
    {
        await using var subscriber = await broker.ConnectAsync();
        await subscriber.SubscribeAsync(_topic, 0);
        await using var client = await broker.ConnectAsync(version);
        await client.SendAsync(Packets.Publish(version, _topic, "x", qos, 9));
        var ack = await client.ReadAsync();
        Assert.Equal(head, Convert.ToHexString([ack.First, (byte)ack.Body.Length]));
        Assert.Equal((9, 0), (ack.PacketId, ack.ReasonCode));
    }

    [Theory, InlineData(5, ReasonCode.NoMatchingSubscribers), InlineData(4, 0)]
    public async Task Nobody_there_is_told_in_version_5(byte version, byte reason)
    {
        await using var client = await broker.ConnectAsync(version);
        Assert.Equal(reason, await client.PublishAsync(_topic, qos: 1));
        Assert.Equal(reason, await client.PublishAsync(_topic, qos: 2));
        Assert.Equal(reason, await client.PublishAsync(_topic, qos: 1, retain: true));
        await client.PublishAsync(_topic, "", retain: true);
    }

    [Theory, InlineData(5), InlineData(4)]
    public async Task A_QoS_2_message_sent_twice_is_delivered_once(byte version)
    {
        await using var client = await broker.ConnectAsync();
        await client.SubscribeAsync(_topic, 0);
        await using var publisher = await broker.ConnectAsync(version);
        await publisher.SendAsync(Packets.Publish(version, _topic, "once", 2, 5));
        Assert.Equal(0, (await publisher.ExpectAsync(PacketType.Pubrec)).ReasonCode);
        await publisher.SendAsync(Packets.Publish(version, _topic, "once", 2, 5, dup: true));
        Assert.Equal(version == 5 ? ReasonCode.PacketIdInUse : 0, (await publisher.ExpectAsync(PacketType.Pubrec)).ReasonCode);
        await publisher.SendAsync(Packets.Ack(PacketType.Pubrel, 5));
        Assert.Equal(0, (await publisher.ExpectAsync(PacketType.Pubcomp)).ReasonCode);
        Assert.Equal("once", (await client.ExpectMessageAsync()).PayloadText);
        await client.ExpectNothingAsync();
    }

    [Theory, InlineData(5), InlineData(4)]
    public async Task Too_many_open_QoS_2_publishes_end_the_connection(byte version)
    {
        await using var one = await TestBroker.StartAsync(new MqttSettings { MaxAwaitingRel = 3 });
        await using var client = await one.ConnectAsync(version);
        for (var id = 1; id <= 3; id++)
        {
            await client.SendAsync(Packets.Publish(version, _topic, "x", 2, id));
            await client.ExpectAsync(PacketType.Pubrec);
        }

        await client.SendAsync(Packets.Publish(version, _topic, "x", 2, 4));
        await client.ExpectRefusedAsync(ReasonCode.ReceiveMaximumExceeded);
    }

    [Fact]
    public async Task An_open_QoS_2_publish_is_forgotten_after_its_time()
    {
        var clock = new ManualClock();
        await using var one = await TestBroker.StartAsync(new MqttSettings { AwaitRelTimeout = 10_000 }, clock);
        await using var client = await one.ConnectAsync(new ConnectOptions { KeepAlive = 0 });
        await client.SendAsync(Packets.Publish(5, _topic, "x", 2, 7));
        await client.ExpectAsync(PacketType.Pubrec);
        clock.Advance(TimeSpan.FromSeconds(30));
        await client.SendAsync(Packets.Ack(PacketType.Pubrel, 7));
        Assert.Equal(ReasonCode.PacketIdNotFound, (await client.ExpectAsync(PacketType.Pubcomp)).ReasonCode);
        await client.SendAsync(Packets.Publish(5, _topic, "x", 2, 7));
        Assert.NotEqual(ReasonCode.PacketIdInUse, (await client.ExpectAsync(PacketType.Pubrec)).ReasonCode);
    }

    [Theory, InlineData(5), InlineData(4)]
    public async Task The_in_flight_window_holds_back_the_rest_but_not_QoS_0(byte version)
    {
        await using var one = await TestBroker.StartAsync(new MqttSettings { MaxInflight = 2 });
        await using var client = await one.ConnectAsync(version);
        await client.SubscribeAsync(_topic, 2);
        await using var publisher = await one.ConnectAsync();
        for (var i = 0; i < 4; i++)
            await publisher.PublishAsync(_topic, $"m{i}", 1);
        await publisher.PublishAsync(_topic, "passes by");
        var first = await client.ExpectMessageAsync();
        var second = await client.ExpectMessageAsync();
        Assert.Equal(("m0", "m1", "passes by"), (first.PayloadText, second.PayloadText, (await client.ExpectMessageAsync()).PayloadText));
        await client.ExpectNothingAsync();
        await client.AcknowledgeAsync(first);
        Assert.Equal("m2", (await client.ExpectMessageAsync()).PayloadText);
        await client.AcknowledgeAsync(second);
        Assert.Equal("m3", (await client.ExpectMessageAsync()).PayloadText);
    }

    [Fact]
    public async Task The_client_s_receive_maximum_bounds_the_window()
    {
        await using var client = await broker.ConnectAsync(new ConnectOptions { Properties = { { Property.ReceiveMaximum, 1 } } });
        await client.SubscribeAsync(_topic, 2);
        await using var publisher = await broker.ConnectAsync();
        await publisher.PublishAsync(_topic, "a", 2);
        await publisher.PublishAsync(_topic, "b", 2);
        var first = await client.ExpectMessageAsync();
        await client.SendAsync(Packets.Ack(PacketType.Pubrec, first.PacketId));
        await client.ExpectAsync(PacketType.Pubrel);
        await client.ExpectNothingAsync();
        await client.SendAsync(Packets.Ack(PacketType.Pubcomp, first.PacketId));
        Assert.Equal("b", (await client.ExpectMessageAsync()).PayloadText);
    }

    [Fact]
    public async Task A_refusing_PUBREC_ends_the_flow()
    {
        await using var client = await broker.ConnectAsync(new ConnectOptions { Properties = { { Property.ReceiveMaximum, 1 } } });
        await client.SubscribeAsync(_topic, 2);
        await using var publisher = await broker.ConnectAsync();
        await publisher.PublishAsync(_topic, "refused", 2);
        await publisher.PublishAsync(_topic, "next", 2);
        var first = await client.ExpectMessageAsync();
        await client.SendAsync(Packets.Ack(PacketType.Pubrec, first.PacketId, ReasonCode.QuotaExceeded));
        var next = await client.ReadAsync();
        if (next.Type == PacketType.Pubrel)
        {
            await client.SendAsync(Packets.Ack(PacketType.Pubcomp, first.PacketId));
            next = await client.ReadAsync();
        }

        Assert.Equal("next", next.PayloadText);
    }

    [Theory, InlineData(5), InlineData(4)]
    public async Task Delivery_is_tried_again_while_connected_where_an_interval_is_set(byte version)
    {
        var clock = new ManualClock();
        await using var one = await TestBroker.StartAsync(new MqttSettings { RetryInterval = 2_000 }, clock);
        await using var client = await one.ConnectAsync(new ConnectOptions { Version = version, KeepAlive = 0 });
        await client.SubscribeAsync(_topic, 2);
        await using var publisher = await one.ConnectAsync(new ConnectOptions { KeepAlive = 0 });
        await publisher.PublishAsync(_topic, "x", 2);
        var first = await client.ExpectMessageAsync();
        clock.Advance(TimeSpan.FromSeconds(3));
        var again = await client.ExpectMessageAsync();
        Assert.Equal((first.PacketId, true), (again.PacketId, again.Dup));
        await client.SendAsync(Packets.Ack(PacketType.Pubrec, first.PacketId));
        await client.ExpectAsync(PacketType.Pubrel);
        clock.Advance(TimeSpan.FromSeconds(3));
        await client.ExpectAsync(PacketType.Pubrel);
    }

    [Fact]
    public async Task After_PUBREC_the_PUBREL_is_resent_on_resumption()
    {
        var id = Unique.Name("s");
        await using var publisher = await broker.ConnectAsync();
        int packetId;
        await using (var client = await broker.ConnectAsync(ConnectOptions.Lasting(id)))
        {
            await client.SubscribeAsync(_topic, 2);
            await publisher.PublishAsync(_topic, "x", 2);
            packetId = (await client.ExpectMessageAsync()).PacketId;
            await client.SendAsync(Packets.Ack(PacketType.Pubrec, packetId));
            await client.ExpectAsync(PacketType.Pubrel);
        }

        await using var back = await broker.ConnectAsync(ConnectOptions.Lasting(id));
        Assert.Equal(packetId, (await back.ExpectAsync(PacketType.Pubrel)).PacketId);
        await back.SendAsync(Packets.Ack(PacketType.Pubcomp, packetId));
        await back.ExpectNothingAsync();
    }

    [Theory, InlineData(false, 0), InlineData(true, 2)]
    public async Task QoS_may_be_upgraded(bool upgrade, int delivered)
    {
        await using var one = await TestBroker.StartAsync(new MqttSettings { UpgradeQos = upgrade });
        await using var client = await one.ConnectAsync();
        await client.SubscribeAsync(_topic, 2);
        await using var publisher = await one.ConnectAsync();
        await publisher.PublishAsync(_topic);
        Assert.Equal(delivered, (await client.ExpectMessageAsync()).Qos);
    }
}
