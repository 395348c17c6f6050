using Emqx.Broker.Clients;
using Emqx.Broker.Hooks;
using Emqx.Broker.Messages;
using Emqx.Broker.Metrics;
using Emqx.Broker.Protocol;
using Emqx.Broker.Sessions;
using Emqx.Broker.Tests.Mqtt;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;
using ReasonCode = Emqx.Broker.Tests.Mqtt.ReasonCode;

namespace Emqx.Broker.Tests.Hooks;

/// <summary>A PUBLISH whose authorization or whose hook message.publish takes time.</summary>
public sealed class WaitingPublishTests(SharedBroker shared)
{
    private readonly string _topic = Unique.Topic(), _id = Unique.Name("wp");

    private WaitingLink<AuthorizeRequest> Authorizing(TestBroker broker) =>
        new(broker.Get<BrokerHooks>().ClientAuthorize, request => request.IsPublish && request.Topic == _topic);

    private WaitingLink<PublishAttempt> Publishing(TestBroker broker) => new(broker.Get<BrokerHooks>().MessagePublish, attempt => attempt.Message.Topic == _topic);

    private static async Task<RawMqttClient> WatchAsync(TestBroker broker, string topic)
    {
        var watcher = await broker.ConnectAsync(new ConnectOptions { KeepAlive = 0 });
        await watcher.SubscribeAsync(topic, 2);
        return watcher;
    }

    [Theory, InlineData(5), InlineData(4)]
    public async Task A_QoS_2_message_that_is_sent_again_while_its_hook_waits_is_the_same_message(byte version)
    {
        using var publishing = Publishing(shared.Broker);
        await using var watcher = await WatchAsync(shared.Broker, _topic);
        var options = ConnectOptions.Lasting(_id, version);
        await using var first = await shared.ConnectAsync(options);
        await first.SendAsync(Packets.Publish(version, _topic, "once", 2, 5));
        var attempt = await publishing.AskedAsync();
        await using var second = await shared.ConnectAsync(options);
        await second.SendAsync(Packets.Publish(version, _topic, "once", 2, 5, dup: true));
        Assert.Equal(0, (await second.ExpectAsync(PacketType.Pubrec)).ReasonCode);
        attempt.Answer();
        Assert.Equal("once", (await watcher.ExpectMessageAsync(acknowledge: true)).PayloadText);
        await second.SendAsync(Packets.Ack(PacketType.Pubrel, 5));
        Assert.Equal(0, (await second.ExpectAsync(PacketType.Pubcomp)).ReasonCode);
        Assert.Equal(0, publishing.Count);
        await watcher.ExpectNothingAsync();
    }

    [Theory, InlineData(5, 0), InlineData(5, 1), InlineData(5, 2), InlineData(4, 1), InlineData(4, 2)]
    public async Task Its_acknowledgement_comes_before_anything_of_later_packets(byte version, int qos)
    {
        using var authorizing = Authorizing(shared.Broker);
        using var publishing = Publishing(shared.Broker);
        await using var watcher = await WatchAsync(shared.Broker, _topic);
        await using var client = await shared.ConnectAsync(version);
        byte[] packets = [.. Packets.Publish(version, _topic, "first", qos, 1), .. Packets.Ping, .. Packets.Publish(version, _topic, "second", qos, 2), .. Packets.Ping];
        await client.SendAsync(packets);
        foreach (var payload in new[] { "first", "second" })
        {
            // The authorization of the first is remembered.
            if (payload == "first")
                (await authorizing.AskedAsync()).Answer(static request => request.Verdict = true);
            var attempt = await publishing.AskedAsync();
            Assert.False(client.HasArrived);
            attempt.Answer();
            if (qos > 0)
                await client.ExpectAsync(qos == 1 ? PacketType.Puback : PacketType.Pubrec);
            await client.ExpectAsync(PacketType.Pingresp);
            Assert.Equal(payload, (await watcher.ExpectMessageAsync(acknowledge: true)).PayloadText);
        }
    }

    [Theory, InlineData(1), InlineData(2)]
    public async Task A_denial_that_took_time_is_told_and_remembered(int qos)
    {
        using var authorizing = Authorizing(shared.Broker);
        await using var client = await shared.ConnectAsync();
        var code = client.PublishAsync(_topic, qos: qos);
        (await authorizing.AskedAsync()).Answer(static request => request.Verdict = false);
        Assert.Equal(ReasonCode.NotAuthorized, await code);
        Assert.Equal(ReasonCode.NotAuthorized, await client.PublishAsync(_topic, qos: qos));
        Assert.Equal(0, authorizing.Count);
    }

    [Fact]
    public async Task No_authorization_in_time_denies_and_is_not_remembered()
    {
        var clock = new ManualClock();
        await using var broker = await TestBroker.StartAsync(time: clock);
        using var authorizing = Authorizing(broker);
        await using var client = await broker.ConnectAsync(new ConnectOptions { KeepAlive = 0 });
        var code = client.PublishAsync(_topic, qos: 1);
        await authorizing.AskedAsync();
        await clock.AdvanceUntilAsync(() => code.IsCompleted, HookChain<AuthorizeRequest>.LongTimeout * 2, "the answer of a chain that has given up");
        Assert.Equal(ReasonCode.NotAuthorized, await code);
        code = client.PublishAsync(_topic, qos: 1);
        (await authorizing.AskedAsync()).Answer();
        Assert.Equal(ReasonCode.NoMatchingSubscribers, await code);
    }

    [Theory, InlineData(1), InlineData(2)]
    public async Task A_message_whose_hook_does_not_answer_in_time_goes_no_further(int qos)
    {
        var clock = new ManualClock();
        await using var broker = await TestBroker.StartAsync(time: clock);
        using var publishing = Publishing(broker);
        await using var watcher = await WatchAsync(broker, _topic);
        await using var client = await broker.ConnectAsync(new ConnectOptions { KeepAlive = 0 });
        var code = client.PublishAsync(_topic, qos: qos);
        var attempt = await publishing.AskedAsync();
        await clock.AdvanceUntilAsync(() => code.IsCompleted, HookChain<PublishAttempt>.DefaultTimeout * 2, "the answer of a chain that has given up");
        Assert.Equal(0x80, await code);
        attempt.Answer();
        await watcher.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_hook_that_took_time_may_replace_or_stop_a_message()
    {
        using var publishing = Publishing(shared.Broker);
        await using var watcher = await WatchAsync(shared.Broker, $"{_topic}/other");
        await using var client = await shared.ConnectAsync();
        var code = client.PublishAsync(_topic, qos: 1);
        (await publishing.AskedAsync()).Answer(attempt => attempt.Message = attempt.Message.WithTopic($"{_topic}/other"));
        Assert.Equal(0, await code);
        await watcher.ExpectMessageAsync();
        code = client.PublishAsync(_topic, qos: 1);
        (await publishing.AskedAsync()).Answer(static attempt => (attempt.Stopped, attempt.ReasonCode) = (true, ReasonCode.QuotaExceeded));
        Assert.Equal(ReasonCode.QuotaExceeded, await code);
    }

    [Fact]
    public async Task Messages_that_wait_at_the_same_time_keep_apart()
    {
        using var publishing = Publishing(shared.Broker);
        await using var watcher = await WatchAsync(shared.Broker, _topic);
        await using var first = await shared.ConnectAsync();
        await using var second = await shared.ConnectAsync();
        var firstCode = first.PublishAsync(_topic, "first", qos: 1);
        var one = await publishing.AskedAsync();
        var secondCode = second.PublishAsync(_topic, "second", qos: 1);
        var two = await publishing.AskedAsync();
        two.Answer();
        Assert.Equal(0, await secondCode);
        Assert.Equal("second", (await watcher.ExpectMessageAsync(acknowledge: true)).PayloadText);
        one.Answer();
        Assert.Equal(0, await firstCode);
        Assert.Equal("first", (await watcher.ExpectMessageAsync(acknowledge: true)).PayloadText);
    }

    [Fact]
    public async Task The_keep_alive_does_not_cut_a_client_that_is_kept_waiting_and_counts_again_afterwards()
    {
        var clock = new ManualClock();
        await using var broker = await TestBroker.StartAsync(time: clock);
        using var authorizing = Authorizing(broker);
        await using var client = await broker.ConnectAsync(new ConnectOptions { KeepAlive = 2 });
        var code = client.PublishAsync(_topic, qos: 1);
        var authorize = await authorizing.AskedAsync();
        clock.Advance(TimeSpan.FromSeconds(9));
        authorize.Answer();
        Assert.Equal(ReasonCode.NoMatchingSubscribers, await code);
        clock.Advance(TimeSpan.FromSeconds(1));
        await client.ExpectNothingAsync();
        await clock.AdvanceUntilAsync(() => client.HasArrived, TimeSpan.FromSeconds(6), "the end");
        await client.ExpectRefusedAsync(ReasonCode.KeepAliveTimeout);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_client_that_is_kept_waiting_can_be_kicked(bool whileAuthorizing)
    {
        using var authorizing = whileAuthorizing ? Authorizing(shared.Broker) : null;
        using var publishing = whileAuthorizing ? null : Publishing(shared.Broker);
        await using var client = await shared.ConnectAsync(new ConnectOptions { ClientId = _id });
        await client.SendAsync((byte[])[.. Packets.Publish(5, _topic, "x", 1, 1), .. Packets.Subscribe(5, 2, null, (_topic, 0))]);
        var authorize = authorizing is null ? null : await authorizing.AskedAsync();
        var publish = publishing is null ? null : await publishing.AskedAsync();
        var actions = shared.Broker.Get<ISessionActions>();
        Assert.True(actions.Kick(actions.Find(_id)!));
        await client.ExpectRefusedAsync(ReasonCode.AdministrativeAction);
        authorize?.Answer(static request => request.Verdict = true);
        publish?.Answer();
        await using var next = await shared.ConnectAsync(new ConnectOptions { ClientId = _id });
        await next.ExpectNothingAsync();
        Assert.Equal(0, actions.Find(_id)!.SubscriptionCount);
    }

    [Theory, InlineData(1), InlineData(2)]
    public async Task A_session_that_is_kept_waiting_can_be_taken_over(int qos)
    {
        using var publishing = Publishing(shared.Broker);
        await using var watcher = await WatchAsync(shared.Broker, _topic);
        await using var client = await shared.ConnectAsync(ConnectOptions.Lasting(_id));
        await client.SendAsync(Packets.Publish(5, _topic, "x", qos, 1));
        var attempt = await publishing.AskedAsync();
        await using var next = await shared.OpenAsync();
        Assert.True((await next.ConnectAsync(ConnectOptions.Lasting(_id))).SessionPresent);
        await client.ExpectRefusedAsync(ReasonCode.SessionTakenOver);
        await next.ExpectNothingAsync();
        attempt.Answer();
        Assert.Equal("x", (await watcher.ExpectMessageAsync(acknowledge: true)).PayloadText);
        await next.ExpectNothingAsync();
        await next.DisconnectAsync(0, new PropertyList { { Property.SessionExpiryInterval, 0 } });
    }

    [Fact]
    public async Task A_client_that_leaves_meanwhile_leaves_nothing_behind_but_its_message()
    {
        await using var broker = await TestBroker.StartAsync();
        using var authorizing = Authorizing(broker);
        await using var watcher = await WatchAsync(broker, _topic);
        var client = await broker.ConnectAsync(new ConnectOptions { ClientId = _id });
        await client.SendAsync((byte[])[.. Packets.Publish(5, _topic, "x"), .. Packets.Disconnect(5)]);
        var authorize = await authorizing.AskedAsync();
        await client.DropAsync();
        var gone = broker.GoneAsync(_id);
        authorize.Answer();
        await watcher.ExpectMessageAsync();
        await gone;
        Assert.Null(broker.Get<SessionTable>().Find(_id));
        Assert.Empty(broker.Errors.All);
    }

    [Fact]
    public async Task What_follows_is_not_read_beyond_a_bound()
    {
        const int count = 256;
        await using var broker = await TestBroker.StartAsync();
        using var authorizing = Authorizing(broker);
        await using var client = await broker.ConnectAsync();
        await using var other = await broker.ConnectAsync();
        await client.SendAsync(Packets.Publish(5, _topic, "x"));
        var authorize = await authorizing.AskedAsync();
        var large = Packets.Publish(5, $"{_topic}/large", new byte[64 * 1024]);
        var sent = client.SendAsync(Enumerable.Repeat(large, count).SelectMany(static packet => packet).ToArray());
        for (var i = 0; i < 10; i++)
            await other.ExpectNothingAsync();
        var counters = broker.Get<Counters>();
        Assert.InRange(counters.Read(Metric.BytesReceived), 0, 1024 * 1024);
        authorize.Answer();
        await sent;
        await client.ExpectNothingAsync();
        Assert.Equal(count + 1, counters.Read(Metric.PacketsPublishReceived));
    }

    [Fact]
    public async Task The_node_s_own_messages_may_wait_too()
    {
        await using var broker = await TestBroker.StartAsync(); // no other test's subscriptions
        using var publishing = Publishing(broker);
        await using var watcher = await WatchAsync(broker, _topic);
        var publisher = broker.Get<IMessagePublisher>();
        var count = publisher.PublishAsync(Message.Create(_topic, "x"u8.ToArray(), "test", 1));
        var attempt = await publishing.AskedAsync();
        Assert.False(count.IsCompleted);
        attempt.Answer();
        Assert.Equal(1, await count);
        Assert.Equal("x", (await watcher.ExpectMessageAsync()).PayloadText);
        publisher.Publish(Message.Create(_topic, "y"u8.ToArray(), "test", 1));
        (await publishing.AskedAsync()).Answer();
        Assert.Equal("y", (await watcher.ExpectMessageAsync()).PayloadText);
    }
}
