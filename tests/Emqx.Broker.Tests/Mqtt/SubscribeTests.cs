using Emqx.Broker.Hooks;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Mqtt;

/// <summary>SUBSCRIBE, UNSUBSCRIBE and the options of a subscription.</summary>
public sealed class SubscribeTests(SharedBroker broker)
{
    private const byte NoLocal = 4, RetainAsPublished = 8, RetainIfNew = 0x10, RetainNever = 0x20;
    private readonly string _topic = Unique.Topic();

    [Theory]
    [InlineData("a/#/b"), InlineData("a+/b"), InlineData("a/b#"), InlineData("$share//a"), InlineData("$share/g"), InlineData("$share/g/")]
    [InlineData("$share/g+/a"), InlineData("a\0b")]
    public async Task An_invalid_filter_ends_the_connection(string filter)
    {
        foreach (var version in new byte[] { 5, 4 })
        {
            await using var client = await broker.ConnectAsync(version);
            await client.SendAsync(Packets.Subscribe(version, 1, null, (filter, 0)));
            await client.ExpectRefusedAsync(ReasonCode.TopicFilterInvalid);
        }
    }

    [Fact]
    public async Task Reason_codes_are_in_the_order_of_the_filters()
    {
        await using var client = await broker.ConnectAsync();
        Assert.Equal(new byte[] { 2, 0, 1, 0x8F }, await client.SubscribeAsync(null, ("a", 2), ("b/+", 0), ("#", 1), ("$exclusive/x", 0)));
    }

    [Fact]
    public async Task Unsubscribing_tells_what_was_not_there()
    {
        await using var client = await broker.ConnectAsync();
        await client.SubscribeAsync(_topic);
        Assert.Equal(new byte[] { 0, ReasonCode.NoSubscriptionExisted }, await client.UnsubscribeAsync(_topic, "never"));
        Assert.Equal(new byte[] { ReasonCode.NoSubscriptionExisted }, await client.UnsubscribeAsync(_topic));
        Assert.Equal(ReasonCode.NoMatchingSubscribers, await client.PublishAsync(_topic, qos: 1));
    }

    [Theory]
    [InlineData("#", "a/b", true), InlineData("+/+", "a/b", true), InlineData("+", "a/b", false), InlineData("a/#", "a", true)]
    [InlineData("a/+", "a/", true), InlineData("+/b/#", "a/b/c/d", true), InlineData("/+", "/x", true), InlineData("+", "/x", false)]
    [InlineData("#", "$x/b", false), InlineData("+/b", "$x/b", false), InlineData("$x/#", "$x/b", true), InlineData("$x/+", "$x/b", true)]
    [InlineData("a//c", "a//c", true), InlineData("a/+/c", "a//c", true), InlineData("A/b", "a/b", false)]
    public async Task Filters_match_as_the_standard_says(string filter, string topic, bool matches)
    {
        var prefix = topic.StartsWith('$') || filter.StartsWith('#') || filter.StartsWith('+') || filter.StartsWith('/') ? "" : Unique.Name("p") + "/";
        await using var client = await broker.ConnectAsync();
        await client.SubscribeAsync(prefix + filter);
        await using var publisher = await broker.ConnectAsync();
        var marker = Unique.Name("m");
        await publisher.PublishAsync(prefix + topic, marker);
        await client.SendAsync(Packets.Ping);
        var found = false;
        for (var packet = await client.ReadAsync(); packet.Type == PacketType.Publish; packet = await client.ReadAsync())
            found |= packet.PayloadText == marker;
        Assert.Equal(matches, found);
    }

    [Fact]
    public async Task Overlapping_subscriptions_deliver_each_with_its_identifier()
    {
        await using var client = await broker.ConnectAsync();
        await client.SubscribeAsync(_topic, 1, new PropertyList { { Property.SubscriptionIdentifier, 7 } });
        await client.SubscribeAsync($"{_topic}/#", 2, new PropertyList { { Property.SubscriptionIdentifier, 268_435_454 } });
        await using var publisher = await broker.ConnectAsync();
        await publisher.PublishAsync(_topic, qos: 2);
        var found = new[] { await client.ExpectMessageAsync(), await client.ExpectMessageAsync() }
            .Select(m => (m.Qos, m.Properties.All<uint>(Property.SubscriptionIdentifier).Single())).Order();
        Assert.Equal([(1, 7u), (2, 268_435_454u)], found);
    }

    [Theory, InlineData(268_435_455, ReasonCode.SubscriptionIdsNotSupported)]
    public async Task The_largest_subscription_identifier_is_refused(uint id, byte reason)
    {
        await using var client = await broker.ConnectAsync();
        await client.SendAsync(Packets.Subscribe(5, 1, new PropertyList { { Property.SubscriptionIdentifier, id } }, (_topic, 0)));
        await client.ExpectRefusedAsync(reason);
    }

    [Fact]
    public async Task Subscribing_again_replaces_the_options()
    {
        await using var client = await broker.ConnectAsync();
        await client.SubscribeAsync(_topic, 2, new PropertyList { { Property.SubscriptionIdentifier, 3 } });
        await client.SubscribeAsync(_topic, 0);
        await using var publisher = await broker.ConnectAsync();
        await publisher.PublishAsync(_topic, qos: 1);
        var message = await client.ExpectMessageAsync();
        Assert.Equal((0, false), (message.Qos, message.Properties.Has(Property.SubscriptionIdentifier)));
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task No_local_keeps_one_s_own_messages_away()
    {
        await using var client = await broker.ConnectAsync();
        await client.SubscribeAsync(_topic, NoLocal);
        await client.PublishAsync(_topic, "own");
        await using var other = await broker.ConnectAsync();
        await other.PublishAsync(_topic, "other");
        Assert.Equal("other", (await client.ExpectMessageAsync()).PayloadText);
    }

    [Theory, InlineData("$share/g/a"), InlineData("$queue/a")]
    public async Task No_local_on_a_shared_subscription_is_a_protocol_error(string filter)
    {
        await using var client = await broker.ConnectAsync();
        await client.SendAsync(Packets.Subscribe(5, 1, null, (filter, NoLocal)));
        await client.ExpectRefusedAsync(ReasonCode.ProtocolError);
    }

    [Theory, InlineData(4, true, false), InlineData(5, true, false), InlineData(5, false, true)]
    public async Task Loops_may_be_ignored_for_version_4(byte version, bool ignore, bool delivered)
    {
        await using var one = await TestBroker.StartAsync(new() { IgnoreLoopDeliver = ignore });
        await using var client = await one.ConnectAsync(version);
        await client.SubscribeAsync(_topic);
        await client.SendAsync(Packets.Publish(version, _topic, "own"));
        if (delivered || version == 5)
            Assert.Equal("own", (await client.ExpectMessageAsync()).PayloadText);
        await client.ExpectNothingAsync();
    }

    [Theory, InlineData(0, false), InlineData(RetainAsPublished, true)]
    public async Task The_retain_flag_is_kept_where_asked(byte options, bool kept)
    {
        await using var client = await broker.ConnectAsync();
        await client.SubscribeAsync(_topic, options);
        await using var publisher = await broker.ConnectAsync();
        await publisher.PublishAsync(_topic, "x", retain: true);
        Assert.Equal(kept, (await client.ExpectMessageAsync()).Retain);
        await publisher.PublishAsync(_topic, "", retain: true);
    }

    [Theory, InlineData(0, true, true), InlineData(RetainIfNew, true, false), InlineData(RetainNever, false, false)]
    public async Task Retain_handling_says_when_retained_messages_come(byte options, bool first, bool second)
    {
        await using var publisher = await broker.ConnectAsync();
        await publisher.PublishAsync(_topic, "kept", retain: true);
        await using var client = await broker.ConnectAsync();
        foreach (var comes in new[] { first, second })
        {
            await client.SubscribeAsync(_topic, options);
            if (comes)
                Assert.True((await client.ExpectMessageAsync()).Retain);
            await client.ExpectNothingAsync();
        }

        await publisher.PublishAsync(_topic, "", retain: true);
    }

    [Fact]
    public async Task Version_4_marks_retained_messages_on_subscribing_only()
    {
        await using var publisher = await broker.ConnectAsync(4);
        await publisher.PublishAsync(_topic, "kept", retain: true, qos: 1);
        await using var client = await broker.ConnectAsync(4);
        await client.SubscribeAsync($"{_topic}/#", 1);
        var retained = await client.ExpectMessageAsync();
        Assert.Equal(("kept", true, 1), (retained.PayloadText, retained.Retain, retained.Qos));
        await publisher.PublishAsync(_topic, "live", retain: true);
        Assert.False((await client.ExpectMessageAsync()).Retain);
        await publisher.PublishAsync(_topic, "", retain: true);
    }

    [Fact]
    public async Task An_empty_payload_deletes_what_is_retained()
    {
        await using var publisher = await broker.ConnectAsync();
        await publisher.PublishAsync(_topic, "kept", retain: true);
        await publisher.PublishAsync(_topic, "", retain: true);
        await using var client = await broker.ConnectAsync();
        await client.SubscribeAsync(_topic);
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_retained_message_expires_and_tells_the_rest_of_its_time()
    {
        var clock = new ManualClock();
        await using var one = await TestBroker.StartAsync(time: clock);
        await using var client = await one.ConnectAsync(new ConnectOptions { KeepAlive = 0 });
        await client.PublishAsync(_topic, "kept", retain: true, properties: new PropertyList { { Property.MessageExpiryInterval, 30 } });
        clock.Advance(TimeSpan.FromSeconds(10));
        await client.SubscribeAsync(_topic);
        Assert.Equal(20u, (await client.ExpectMessageAsync()).Properties.Number(Property.MessageExpiryInterval));
        clock.Advance(TimeSpan.FromSeconds(30));
        await client.SubscribeAsync(_topic);
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task Properties_are_forwarded_unchanged()
    {
        await using var client = await broker.ConnectAsync();
        await client.SubscribeAsync(_topic, 1);
        await using var publisher = await broker.ConnectAsync();
        await publisher.PublishAsync(_topic, "{}", 1, properties: new PropertyList
        {
            { Property.PayloadFormatIndicator, 1 }, { Property.ContentType, "application/json" }, { Property.ResponseTopic, "reply" },
            { Property.CorrelationData, [1, 2, 3] }, { Property.UserProperty, "k", "1" }, { Property.UserProperty, "k", "2" },
        });
        var told = (await client.ExpectMessageAsync()).Properties;
        Assert.Equal((1u, "application/json", "reply"), (told.Number(Property.PayloadFormatIndicator), told.Text(Property.ContentType), told.Text(Property.ResponseTopic)));
        Assert.Equal<byte>([1, 2, 3], told.Bytes(Property.CorrelationData)!);
        Assert.Equal([("k", "1"), ("k", "2")], told.All<(string, string)>(Property.UserProperty));
    }

    [Theory, InlineData(5, 0x87), InlineData(4, 0x80)]
    public async Task A_filter_that_is_not_allowed_is_refused_alone(byte version, byte reason)
    {
        using var link = broker.Broker.Get<BrokerHooks>().ClientAuthorize.Add(request =>
        {
            if (request.Topic == _topic)
                request.Verdict = false;
            return HookResult.Continue;
        });
        await using var client = await broker.ConnectAsync(version);
        Assert.Equal(new byte[] { 0, reason, 1 }, await client.SubscribeAsync(null, ("a", 0), (_topic, 1), ("b", 1)));
    }

    [Theory, InlineData(5, 0x87), InlineData(4, 0)]
    public async Task A_publish_that_is_not_allowed_is_told_in_version_5(byte version, byte reason)
    {
        using var link = broker.Broker.Get<BrokerHooks>().ClientAuthorize.Add(request =>
        {
            if (request.Topic == _topic && request.IsPublish)
                request.Verdict = false;
            return HookResult.Continue;
        });
        await using var client = await broker.ConnectAsync();
        await client.SubscribeAsync(_topic);
        await using var publisher = await broker.ConnectAsync(version);
        Assert.Equal(reason, await publisher.PublishAsync(_topic, qos: 1));
        Assert.Equal(reason, await publisher.PublishAsync(_topic, qos: 2));
        await publisher.PublishAsync(_topic);
        await client.ExpectNothingAsync();
    }
}
