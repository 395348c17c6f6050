using Emqx.Broker.Messages;
using Emqx.Broker.Metrics;
using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Mqtt;

/// <summary>Messages that one client sends in one go to several subscribers: each gets all of them, in order, in its own form, and nothing else overtakes them.</summary>
public sealed class MessageRunTests : IAsyncLifetime
{
    private readonly string _topic = Unique.Topic();
    private readonly string _other = Unique.Topic();
    private TestBroker _broker = null!;

    public async ValueTask InitializeAsync() => _broker = await TestBroker.StartAsync();

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    private async Task<RawMqttClient> SubscribeAsync(byte version, byte options, PropertyList? properties = null)
    {
        var client = await _broker.ConnectAsync(version);
        await client.SubscribeAsync(_topic, options, properties);
        return client;
    }

    /// <summary>Messages numbered from 1, of QoS 0, 1 and 2 in turn, every fifth with the retain flag, every seventh too large to share its bytes.</summary>
    private byte[] Mixed(int count) => [.. Enumerable.Range(1, count).SelectMany(i =>
        Packets.Publish(5, _topic, $"{i}:" + new string('x', i % 7 == 0 ? 5000 : i % 50), qos: i % 3, id: i, retain: i % 5 == 0))];

    private static async Task ExpectMixedAsync(RawMqttClient client, int count, byte most, bool asPublished)
    {
        for (var i = 1; i <= count; i++)
        {
            var message = await client.ExpectMessageAsync();
            Assert.StartsWith($"{i}:", message.PayloadText, StringComparison.Ordinal);
            Assert.Equal(Math.Min(i % 3, most), message.Qos);
            Assert.Equal(asPublished && i % 5 == 0, message.Retain);
            Assert.Equal(message.Qos != 0, message.PacketId != 0);
        }

        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task Each_subscriber_gets_all_messages_in_order_and_in_its_own_form()
    {
        const int count = 90, asPublished = 8;
        _broker.Configure(static mqtt => mqtt with { MaxInflight = 200, MaxAwaitingRel = 200 });
        await using var publisher = await _broker.ConnectAsync();
        await using var old0 = await SubscribeAsync(4, 0);
        await using var new0 = await SubscribeAsync(5, 0);
        await using var old1 = await SubscribeAsync(4, 1);
        await using var new1 = await SubscribeAsync(5, 1 | asPublished);
        await using var new2 = await SubscribeAsync(5, 2 | asPublished);
        await publisher.SendAsync(Mixed(count));
        await ExpectMixedAsync(old0, count, 0, asPublished: false);
        await ExpectMixedAsync(new0, count, 0, asPublished: false);
        await ExpectMixedAsync(old1, count, 1, asPublished: false);
        await ExpectMixedAsync(new1, count, 1, asPublished: true);
        await ExpectMixedAsync(new2, count, 2, asPublished: true);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(32)]
    public async Task A_window_that_is_smaller_than_the_burst_keeps_the_order(int window)
    {
        const int count = 300;
        _broker.Configure(mqtt => mqtt with { MaxInflight = window });
        await using var first = await SubscribeAsync(4, 1);
        await using var second = await SubscribeAsync(5, 1);
        await using var publisher = await _broker.ConnectAsync();
        await publisher.SendAsync(Enumerable.Range(1, count).SelectMany(i => Packets.Publish(5, _topic, $"{i}", qos: 1, id: i)).ToArray());
        foreach (var client in (RawMqttClient[])[first, second])
        {
            for (var i = 1; i <= count; i++)
                Assert.Equal($"{i}", (await client.ExpectMessageAsync(acknowledge: true)).PayloadText);
            await client.ExpectNothingAsync();
        }
    }

    [Fact]
    public async Task Topics_that_take_turns_keep_their_order_for_who_subscribes_to_both()
    {
        const int count = 60;
        await using var first = await SubscribeAsync(5, 0);
        await using var second = await SubscribeAsync(5, 0);
        await first.SubscribeAsync(_other);
        await using var publisher = await _broker.ConnectAsync();
        await publisher.SendAsync(Enumerable.Range(1, count).SelectMany(i => Packets.Publish(5, i % 4 == 0 ? _other : _topic, $"{i}")).ToArray());
        for (var i = 1; i <= count; i++)
            Assert.Equal($"{i}", (await first.ExpectMessageAsync()).PayloadText);
        await second.ExpectMessageAsync();
    }

    [Fact]
    public async Task Who_subscribes_behind_its_own_messages_does_not_get_them()
    {
        await using var first = await SubscribeAsync(5, 0);
        await using var second = await SubscribeAsync(5, 0);
        await using var client = await _broker.ConnectAsync();
        await client.SendAsync((byte[])[.. Packets.Publish(5, _topic, "before"), .. Packets.Publish(5, _topic, "before"), .. Packets.Subscribe(5, 9, null, (_topic, 0)), .. Packets.Publish(5, _topic, "behind")]);
        await client.ExpectAsync(PacketType.Suback);
        Assert.Equal("behind", (await client.ExpectMessageAsync()).PayloadText);
        await client.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Messages_come_before_the_will_of_who_has_sent_them(bool malformed)
    {
        await using var first = await SubscribeAsync(5, 0);
        await using var second = await SubscribeAsync(5, 0);
        await using var client = await _broker.ConnectAsync(new ConnectOptions { Will = new(_topic, "will"u8.ToArray()) });
        byte[] end = malformed ? [0x36, 2, 0, 0] : Packets.Disconnect(5, 4); // QoS 3; or DISCONNECT with will
        await client.SendAsync((byte[])[.. Packets.Publish(5, _topic, "1"), .. Packets.Publish(5, _topic, "2"), .. end]);
        foreach (var expected in (string[])["1", "2", "will"])
        {
            Assert.Equal(expected, (await first.ExpectMessageAsync()).PayloadText);
            Assert.Equal(expected, (await second.ExpectMessageAsync()).PayloadText);
        }
    }

    [Fact]
    public async Task What_a_client_sends_before_it_closes_its_side_arrives()
    {
        await using var first = await SubscribeAsync(5, 0);
        await using var second = await SubscribeAsync(5, 0);
        for (var i = 0; i < 50; i++)
        {
            await using var client = await _broker.ConnectAsync();
            await client.SendAsync((byte[])[.. Packets.Publish(5, _topic, "1"), .. Packets.Publish(5, _topic, "2")]);
            await client.DropAsync();
            foreach (var expected in (string[])["1", "2"])
            {
                Assert.Equal(expected, (await first.ExpectMessageAsync()).PayloadText);
                Assert.Equal(expected, (await second.ExpectMessageAsync()).PayloadText);
            }
        }
    }

    [Fact]
    public async Task Who_takes_no_packet_of_that_size_gets_the_others_and_no_local_gets_none_of_its_own()
    {
        await using var small = await _broker.ConnectAsync(new ConnectOptions { Properties = new() { { Property.MaximumPacketSize, 100 } } });
        await small.SubscribeAsync(_topic);
        await using var large = await SubscribeAsync(5, 0);
        await using var client = await _broker.ConnectAsync();
        await client.SubscribeAsync(_topic, 4);
        await client.SendAsync((byte[])[.. Packets.Publish(5, _topic, "1"), .. Packets.Publish(5, _topic, new string('x', 200)), .. Packets.Publish(5, _topic, "3")]);
        await client.ExpectNothingAsync();
        foreach (var length in (int[])[1, 200, 1])
            Assert.Equal(length, (await large.ExpectMessageAsync()).Payload.Length);
        Assert.Equal("1", (await small.ExpectMessageAsync()).PayloadText);
        Assert.Equal("3", (await small.ExpectMessageAsync()).PayloadText);
        await small.ExpectNothingAsync();
    }

    [Fact]
    public async Task Who_gets_them_may_publish()
    {
        const int count = 20;
        var republisher = new Republisher(_broker.Get<Publisher>(), _other);
        _broker.Get<Router>().Add(new Subscription(republisher, TopicFilter.Parse(_topic), default));
        await using var first = await SubscribeAsync(5, 0);
        await using var other = await _broker.ConnectAsync();
        await other.SubscribeAsync(_other);
        await using var client = await _broker.ConnectAsync();
        await client.SendAsync(Enumerable.Range(1, count).SelectMany(i => Packets.Publish(5, _topic, $"{i}")).ToArray());
        foreach (var subscriber in (RawMqttClient[])[first, other])
        {
            for (var i = 1; i <= count; i++)
                Assert.Equal($"{i}", (await subscriber.ExpectMessageAsync()).PayloadText);
            await subscriber.ExpectNothingAsync();
        }
    }

    /// <summary>Publishes what it gets under another topic, at once.</summary>
    private sealed class Republisher(Publisher publisher, string topic) : ISubscriber
    {
        public string ClientId => "re publisher";
        public bool IsSession => false;
        public bool ChoosesNoLocal => true;

        public void Deliver(Message message, Subscription subscription, bool fromRetained) => publisher.Publish(message.WithTopic(topic));
    }

    [Fact]
    public async Task All_of_it_is_counted()
    {
        const int count = 40;
        await using var first = await SubscribeAsync(4, 1);
        await using var second = await SubscribeAsync(4, 1);
        await using var client = await _broker.ConnectAsync();
        var counters = _broker.Get<Counters>();
        long Of(Metric metric) => counters.Read(metric);
        var (sent, delivered, qos1, acked, missed) = (Of(Metric.PacketsPublishSent), Of(Metric.MessagesDelivered), Of(Metric.MessagesQos1Sent), Of(Metric.MessagesAcked), Of(Metric.PacketsPubackMissed));
        await client.SendAsync(Enumerable.Range(1, count).SelectMany(i => Packets.Publish(5, _topic, "x", qos: 1, id: i)).ToArray());
        foreach (var subscriber in (RawMqttClient[])[first, second])
        {
            var ids = new List<int>();
            for (var i = 0; i < 32; i++)
                ids.Add((await subscriber.ExpectMessageAsync()).PacketId);
            await subscriber.SendAsync(ids.Append(60000).Concat(ids).SelectMany(static id => Packets.Ack(PacketType.Puback, id)).ToArray());
            for (var i = 32; i < count; i++)
                await subscriber.ExpectMessageAsync(acknowledge: true);
            await subscriber.ExpectNothingAsync();
        }

        Assert.Equal(2 * count, Of(Metric.PacketsPublishSent) - sent);
        Assert.Equal(2 * count, Of(Metric.MessagesDelivered) - delivered);
        Assert.Equal(2 * count, Of(Metric.MessagesQos1Sent) - qos1);
        Assert.Equal(2 * count, Of(Metric.MessagesAcked) - acked);
        Assert.Equal(2 * 33, Of(Metric.PacketsPubackMissed) - missed);
    }
}
