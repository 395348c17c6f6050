using Emqx.Broker.Settings;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Mqtt;

/// <summary>Sessions: takeover, resumption, the queue, expiry.</summary>
public sealed class SessionTests(SharedBroker broker)
{
    private readonly string _id = Unique.Name("s"), _topic = Unique.Topic();

    [Theory, InlineData(true), InlineData(false)]
    public async Task The_older_connection_is_told_that_the_session_was_taken_over(bool clean)
    {
        await using var older = await broker.ConnectAsync(new ConnectOptions { ClientId = _id });
        await using var newer = await broker.ConnectAsync(new ConnectOptions { ClientId = _id, Clean = clean });
        await older.ExpectRefusedAsync(ReasonCode.SessionTakenOver);
        await newer.ExpectNothingAsync();
    }

    [Fact]
    public async Task The_older_connection_of_version_4_is_dropped()
    {
        await using var older = await broker.ConnectAsync(new ConnectOptions { ClientId = _id, Version = 4 });
        await using var newer = await broker.ConnectAsync(new ConnectOptions { ClientId = _id, Version = 4 });
        await older.ExpectClosedAsync();
    }

    [Theory, InlineData(5), InlineData(4)]
    public async Task A_takeover_keeps_subscriptions_and_what_was_not_acknowledged(byte version)
    {
        await using var older = await broker.ConnectAsync(ConnectOptions.Lasting(_id, version));
        await older.SubscribeAsync(_topic, 1);
        await using var publisher = await broker.ConnectAsync();
        await publisher.PublishAsync(_topic, "one", qos: 1);
        var first = await older.ExpectMessageAsync();
        await using var newer = await broker.OpenAsync(version);
        Assert.True((await newer.ConnectAsync(ConnectOptions.Lasting(_id, version))).SessionPresent);
        var again = await newer.ExpectMessageAsync(acknowledge: true);
        Assert.Equal(("one", true, first.PacketId), (again.PayloadText, again.Dup, again.PacketId));
        await publisher.PublishAsync(_topic, "two", qos: 1);
        Assert.Equal("two", (await newer.ExpectMessageAsync()).PayloadText);
    }

    [Theory, InlineData(5), InlineData(4)]
    public async Task Messages_of_all_QoS_wait_in_order(byte version)
    {
        await using (var client = await broker.ConnectAsync(ConnectOptions.Lasting(_id, version)))
        {
            await client.SubscribeAsync(_topic, 2);
            await client.DisconnectAsync();
        }

        await using var publisher = await broker.ConnectAsync();
        for (var i = 0; i < 9; i++)
            Assert.Equal(0, await publisher.PublishAsync(_topic, $"m{i}", qos: i % 3));
        await using var back = await broker.OpenAsync(version);
        Assert.True((await back.ConnectAsync(ConnectOptions.Lasting(_id, version))).SessionPresent);
        for (var i = 0; i < 9; i++)
        {
            var message = await back.ExpectMessageAsync();
            Assert.Equal(($"m{i}", i % 3, false), (message.PayloadText, message.Qos, message.Dup));
        }

        await back.ExpectNothingAsync();
    }

    [Fact]
    public async Task Clean_start_drops_session_and_subscriptions()
    {
        await using (var client = await broker.ConnectAsync(ConnectOptions.Lasting(_id)))
        {
            await client.SubscribeAsync(_topic, 1);
            await client.DisconnectAsync();
        }

        await using var publisher = await broker.ConnectAsync();
        Assert.Equal(0, await publisher.PublishAsync(_topic, qos: 1));
        await using var back = await broker.OpenAsync();
        Assert.False((await back.ConnectAsync(new ConnectOptions { ClientId = _id })).SessionPresent);
        await back.ExpectNothingAsync();
        Assert.Equal(ReasonCode.NoMatchingSubscribers, await publisher.PublishAsync(_topic, qos: 1));
    }

    [Fact]
    public async Task A_session_without_expiry_ends_with_the_connection()
    {
        await using (var client = await broker.ConnectAsync(new ConnectOptions { ClientId = _id, Clean = false }))
            await client.DisconnectAsync();
        await using var back = await broker.OpenAsync();
        Assert.False((await back.ConnectAsync(new ConnectOptions { ClientId = _id, Clean = false })).SessionPresent);
    }

    [Fact]
    public async Task Disconnect_may_end_the_session()
    {
        await using (var client = await broker.ConnectAsync(ConnectOptions.Lasting(_id)))
            await client.DisconnectAsync(0, new PropertyList { { Property.SessionExpiryInterval, 0 } });
        await using var back = await broker.OpenAsync();
        Assert.False((await back.ConnectAsync(ConnectOptions.Lasting(_id))).SessionPresent);
    }

    [Fact]
    public async Task Disconnect_may_not_make_a_session_last_that_had_no_expiry()
    {
        await using var client = await broker.ConnectAsync(new ConnectOptions { ClientId = _id });
        await client.SendAsync(Packets.Disconnect(5, 0, new PropertyList { { Property.SessionExpiryInterval, 100 } }));
        await client.ExpectRefusedAsync(ReasonCode.ProtocolError);
    }

    [Theory, InlineData(5), InlineData(4)]
    public async Task A_session_expires(byte version)
    {
        var clock = new ManualClock();
        await using var one = await TestBroker.StartAsync(new MqttSettings { SessionExpiryInterval = 60_000 }, clock);
        var gone = one.GoneAsync(_id);
        await using (var client = await one.ConnectAsync(ConnectOptions.Lasting(_id, version, seconds: 60)))
            await client.DisconnectAsync();
        await gone;
        gone = one.GoneAsync(_id);
        clock.Advance(TimeSpan.FromSeconds(55));
        await using (var client = await one.OpenAsync(version))
        {
            Assert.True((await client.ConnectAsync(ConnectOptions.Lasting(_id, version, seconds: 60))).SessionPresent);
            await client.DisconnectAsync();
        }

        await gone;
        clock.Advance(TimeSpan.FromSeconds(65));
        await using var back = await one.OpenAsync(version);
        Assert.False((await back.ConnectAsync(ConnectOptions.Lasting(_id, version))).SessionPresent);
    }

    [Fact]
    public async Task An_expired_message_is_not_delivered_and_the_rest_of_its_time_is_told()
    {
        var clock = new ManualClock();
        await using var one = await TestBroker.StartAsync(time: clock);
        await using (var client = await one.ConnectAsync(ConnectOptions.Lasting(_id)))
        {
            await client.SubscribeAsync(_topic, 1);
            await client.DisconnectAsync();
        }

        await using var publisher = await one.ConnectAsync();
        await publisher.PublishAsync(_topic, "short", 1, properties: new PropertyList { { Property.MessageExpiryInterval, 5 } });
        await publisher.PublishAsync(_topic, "long", 1, properties: new PropertyList { { Property.MessageExpiryInterval, 50 } });
        clock.Advance(TimeSpan.FromSeconds(10));
        await using var back = await one.OpenAsync();
        await back.ConnectAsync(ConnectOptions.Lasting(_id));
        var message = await back.ExpectMessageAsync();
        Assert.Equal(("long", 40u), (message.PayloadText, message.Properties.Number(Property.MessageExpiryInterval)));
    }

    [Fact]
    public async Task A_default_expiry_drops_old_messages_and_is_not_told()
    {
        var clock = new ManualClock();
        await using var one = await TestBroker.StartAsync(new MqttSettings { MessageExpiryInterval = 5_000 }, clock);
        await using (var client = await one.ConnectAsync(ConnectOptions.Lasting(_id)))
        {
            await client.SubscribeAsync(_topic, 1);
            await client.DisconnectAsync();
        }

        await using var publisher = await one.ConnectAsync();
        await publisher.PublishAsync(_topic, "old", 1);
        await publisher.PublishAsync(_topic, "its own", 1, properties: new PropertyList { { Property.MessageExpiryInterval, 50 } });
        clock.Advance(TimeSpan.FromSeconds(10));
        await publisher.PublishAsync(_topic, "new", 1);
        await using var back = await one.OpenAsync();
        await back.ConnectAsync(ConnectOptions.Lasting(_id));
        Assert.Equal("its own", (await back.ExpectMessageAsync()).PayloadText);
        var last = await back.ExpectMessageAsync();
        Assert.Equal("new", last.PayloadText);
        Assert.False(last.Properties.Has(Property.MessageExpiryInterval));
    }

    [Theory, InlineData(3, 5), InlineData(0, 10)]
    public async Task A_full_queue_loses_its_oldest(int limit, int sent)
    {
        await using var one = await TestBroker.StartAsync(new MqttSettings { MaxMqueueLength = limit });
        await using (var client = await one.ConnectAsync(ConnectOptions.Lasting(_id)))
        {
            await client.SubscribeAsync(_topic, 1);
            await client.DisconnectAsync();
        }

        await using var publisher = await one.ConnectAsync();
        for (var i = 0; i < sent; i++)
            await publisher.PublishAsync(_topic, $"{i}", i % 2);
        await using var back = await one.OpenAsync();
        await back.ConnectAsync(ConnectOptions.Lasting(_id));
        for (var i = limit == 0 ? 0 : sent - limit; i < sent; i++)
            Assert.Equal($"{i}", (await back.ExpectMessageAsync()).PayloadText);
        await back.ExpectNothingAsync();
    }

    [Fact]
    public async Task QoS_0_may_be_kept_out_of_the_queue()
    {
        await using var one = await TestBroker.StartAsync(new MqttSettings { MqueueStoreQos0 = false });
        await using (var client = await one.ConnectAsync(ConnectOptions.Lasting(_id)))
        {
            await client.SubscribeAsync(_topic, 1);
            await client.DisconnectAsync();
        }

        await using var publisher = await one.ConnectAsync();
        await publisher.PublishAsync(_topic, "lost");
        await publisher.PublishAsync(_topic, "kept", 1);
        await using var back = await one.OpenAsync();
        await back.ConnectAsync(ConnectOptions.Lasting(_id));
        Assert.Equal("kept", (await back.ExpectMessageAsync()).PayloadText);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Priorities_order_the_queue_and_have_a_limit_each(bool defaultHighest)
    {
        var high = Unique.Topic();
        await using var one = await TestBroker.StartAsync(new MqttSettings
        {
            MaxMqueueLength = 2, MqueuePriorities = new Dictionary<string, int> { [high] = 10 }, MqueueDefaultPriorityHighest = defaultHighest,
        });
        await using (var client = await one.ConnectAsync(ConnectOptions.Lasting(_id)))
        {
            await client.SubscribeAsync(null, (_topic, 1), (high, 1));
            await client.DisconnectAsync();
        }

        await using var publisher = await one.ConnectAsync();
        for (var i = 0; i < 3; i++)
        {
            await publisher.PublishAsync(_topic, $"low{i}", 1);
            await publisher.PublishAsync(high, $"high{i}", 1);
        }

        await using var back = await one.OpenAsync();
        await back.ConnectAsync(ConnectOptions.Lasting(_id));
        string[] expected = defaultHighest ? ["low1", "low2", "high1", "high2"] : ["high1", "high2", "low1", "low2"];
        foreach (var payload in expected)
            Assert.Equal(payload, (await back.ExpectMessageAsync()).PayloadText);
        await back.ExpectNothingAsync();
    }
}
