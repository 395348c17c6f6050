using Emqx.Broker.Settings;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Mqtt;

/// <summary>Shared and exclusive subscriptions.</summary>
public sealed class SharedSubscriptionTests(SharedBroker broker)
{
    private readonly string _topic = Unique.Topic();

    [Theory, InlineData("$share/g/"), InlineData("$queue/")]
    public async Task Each_message_goes_to_one_member_in_turn(string prefix)
    {
        await using var one = await broker.ConnectAsync();
        await using var two = await broker.ConnectAsync();
        await one.SubscribeAsync(prefix + _topic, 1);
        await two.SubscribeAsync(prefix + _topic, 1);
        await using var publisher = await broker.ConnectAsync();
        for (var i = 0; i < 4; i++)
            Assert.Equal(0, await publisher.PublishAsync(_topic, $"{i}", 1));
        var got = new List<string>();
        foreach (var client in new[] { one, two })
        {
            got.Add((await client.ExpectMessageAsync(acknowledge: true)).PayloadText);
            got.Add((await client.ExpectMessageAsync(acknowledge: true)).PayloadText);
            await client.ExpectNothingAsync();
        }

        Assert.Equal(["0", "1", "2", "3"], got.Order());
        Assert.Equal(2, Math.Abs(got[0][0] - got[1][0]));
    }

    [Fact]
    public async Task Every_group_and_every_ordinary_subscriber_gets_the_message()
    {
        var clients = new List<RawMqttClient>();
        foreach (var filter in new[] { $"$share/a/{_topic}", $"$share/b/{_topic}", $"$queue/{_topic}", _topic, $"$share/a/{_topic}/#" })
        {
            clients.Add(await broker.ConnectAsync());
            await clients[^1].SubscribeAsync(filter);
        }

        await using var publisher = await broker.ConnectAsync();
        await publisher.PublishAsync(_topic, "all");
        foreach (var client in clients)
        {
            Assert.Equal(_topic, (await client.ExpectMessageAsync()).Topic);
            await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task Retained_messages_do_not_go_to_shared_subscriptions()
    {
        await using var client = await broker.ConnectAsync();
        await client.PublishAsync(_topic, "kept", retain: true);
        await client.SubscribeAsync($"$share/g/{_topic}");
        await client.ExpectNothingAsync();
        await client.UnsubscribeAsync($"$share/g/{_topic}");
        await client.PublishAsync(_topic, "", retain: true);
    }

    [Fact]
    public async Task An_offline_member_stays_in_the_turn()
    {
        var id = Unique.Name("s");
        await using (var away = await broker.ConnectAsync(ConnectOptions.Lasting(id)))
        {
            await away.SubscribeAsync($"$share/g/{_topic}", 1);
            await away.DisconnectAsync();
        }

        await using var publisher = await broker.ConnectAsync();
        Assert.Equal(0, await publisher.PublishAsync(_topic, "waits", 1));
        await using var back = await broker.ConnectAsync(ConnectOptions.Lasting(id));
        Assert.Equal("waits", (await back.ExpectMessageAsync()).PayloadText);
    }

    [Fact]
    public async Task What_an_expired_member_left_goes_to_the_others()
    {
        var clock = new ManualClock();
        await using var one = await TestBroker.StartAsync(time: clock);
        var id = Unique.Name("s");
        var gone = one.GoneAsync(id);
        await using (var member = await one.ConnectAsync(ConnectOptions.Lasting(id, seconds: 5) with { KeepAlive = 0 }))
            await member.SubscribeAsync($"$share/g/{_topic}", 1);
        await gone;
        await using var publisher = await one.ConnectAsync(new ConnectOptions { KeepAlive = 0 });
        await publisher.PublishAsync(_topic, "left", 1);
        await using var other = await one.ConnectAsync(new ConnectOptions { KeepAlive = 0 });
        await other.SubscribeAsync($"$share/g/{_topic}", 1);
        clock.Advance(TimeSpan.FromSeconds(10));
        var message = await other.ExpectMessageAsync();
        Assert.Equal(("left", false), (message.PayloadText, message.Dup));
    }

    [Fact]
    public async Task Hash_by_client_id_keeps_a_publisher_with_its_member()
    {
        await using var one = await TestBroker.StartAsync(new MqttSettings { SharedSubscriptionStrategy = SharedStrategy.HashClientId });
        await OneMemberGetsAllAsync(one, _ => _topic);
    }

    [Fact]
    public async Task Hash_by_topic_keeps_a_topic_with_its_member()
    {
        await using var one = await TestBroker.StartAsync(new MqttSettings { SharedSubscriptionStrategy = SharedStrategy.HashTopic });
        await OneMemberGetsAllAsync(one, _ => _topic);
    }

    [Fact]
    public async Task Sticky_keeps_a_publisher_s_first_pick()
    {
        await using var one = await TestBroker.StartAsync(new MqttSettings { SharedSubscriptionStrategy = SharedStrategy.Sticky });
        await OneMemberGetsAllAsync(one, i => $"{_topic}/{i % 2}");
    }

    [Theory, InlineData(5), InlineData(4)]
    public async Task Exclusive_subscriptions_are_off_by_default(byte version)
    {
        await using var client = await broker.ConnectAsync(version);
        Assert.Equal(new byte[] { version == 5 ? ReasonCode.TopicFilterInvalid : (byte)0x80 }, await client.SubscribeAsync($"$exclusive/{_topic}"));
    }

    [Fact]
    public async Task An_exclusive_topic_has_one_subscriber_at_a_time()
    {
        await using var one = await TestBroker.StartAsync(new MqttSettings { ExclusiveSubscription = true });
        var filter = $"$exclusive/{_topic}";
        await using var first = await one.ConnectAsync();
        await using var second = await one.ConnectAsync();
        await using var old = await one.ConnectAsync(4);
        Assert.Equal(new byte[] { 1 }, await first.SubscribeAsync(filter, 1));
        Assert.Equal(new byte[] { ReasonCode.QuotaExceeded }, await second.SubscribeAsync(filter, 1));
        Assert.Equal(new byte[] { 0x80 }, await old.SubscribeAsync(filter, 1));
        Assert.Equal(new byte[] { 1 }, await first.SubscribeAsync(filter, 1));
        await second.PublishAsync(_topic, "x", 1);
        Assert.Equal(_topic, (await first.ExpectMessageAsync(acknowledge: true)).Topic);
        await first.UnsubscribeAsync(filter);
        Assert.Equal(new byte[] { 1 }, await second.SubscribeAsync(filter, 1));
        await second.DisconnectAsync();
        Assert.Equal(new byte[] { 1 }, await old.SubscribeAsync(filter, 1));
    }

    private static async Task OneMemberGetsAllAsync(TestBroker one, Func<int, string> topic)
    {
        var members = new[] { await one.ConnectAsync(), await one.ConnectAsync(), await one.ConnectAsync() };
        foreach (var member in members)
            await member.SubscribeAsync("$share/g/#");
        await using var publisher = await one.ConnectAsync();
        for (var i = 0; i < 12; i++)
            await publisher.PublishAsync(topic(i));
        var counts = new List<int>();
        foreach (var member in members)
        {
            await member.SendAsync(Packets.Ping);
            var count = 0;
            while ((await member.ReadAsync()).Type == PacketType.Publish)
                count++;
            counts.Add(count);
            await member.DisposeAsync();
        }

        Assert.Equal([0, 0, 12], counts.Order());
    }
}
