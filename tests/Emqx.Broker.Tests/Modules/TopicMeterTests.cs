using Emqx.Broker.Hooks;
using Emqx.Broker.Modules.TopicMetrics;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Modules;

/// <summary>Topics that are measured one by one.</summary>
public sealed class TopicMeterTests : IAsyncLifetime
{
    private TestBroker _broker = null!;
    private TopicMeter _meter = null!;

    public async ValueTask InitializeAsync()
    {
        _broker = await TestBroker.StartAsync();
        _meter = _broker.Get<TopicMeter>();
    }

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    private async Task<long[]> CountsAsync(string topic) => [.. (await _meter.FindAsync(topic, default))!.Counts];

    /// <summary>In the order of <see cref="TopicMetric"/>.</summary>
    private static long[] Counts(long dropped = 0, long in0 = 0, long in1 = 0, long in2 = 0, long out0 = 0, long out1 = 0, long out2 = 0) =>
        [dropped, in0 + in1 + in2, out0 + out1 + out2, in0, out0, in1, out1, in2, out2];

    private async Task RegisterAsync(params string[] topics)
    {
        foreach (var topic in topics)
            Assert.Equal(TopicRegistration.Registered, await _meter.RegisterAsync(topic, default));
    }

    [Fact]
    public async Task What_comes_in_and_goes_out_is_counted_by_its_QoS()
    {
        await RegisterAsync("t");
        await using var first = await _broker.ConnectAsync();
        await first.SubscribeAsync("t", options: 1);
        await using var second = await _broker.ConnectAsync();
        await second.SubscribeAsync("#");
        await using var client = await _broker.ConnectAsync();
        for (var qos = 0; qos < 3; qos++)
            await client.PublishAsync("t", qos: qos);
        await client.PublishAsync("other", qos: 1);
        Assert.Equal(Counts(in0: 1, in1: 1, in2: 1, out0: 4, out1: 2), await CountsAsync("t"));
    }

    [Fact]
    public async Task Messages_that_go_out_together_are_all_counted()
    {
        await RegisterAsync("t");
        List<RawMqttClient> receivers = [];
        for (var i = 0; i < 3; i++)
        {
            receivers.Add(await _broker.ConnectAsync());
            await receivers[i].SubscribeAsync("t");
        }

        await using var client = await _broker.ConnectAsync();
        await client.SendAsync(Enumerable.Range(0, 5).SelectMany(_ => Packets.Publish(5, "t", "x", 0, 0, false)).ToArray());
        await client.ExpectNothingAsync();
        Assert.Equal(Counts(in0: 5, out0: 15), await CountsAsync("t"));
        foreach (var receiver in receivers)
            await receiver.DisposeAsync();
    }

    [Fact]
    public async Task What_goes_to_nobody_is_dropped_and_what_a_client_loses_is_not()
    {
        await RegisterAsync("t");
        await using var client = await _broker.ConnectAsync();
        await client.PublishAsync("t", qos: 1);
        Assert.Equal(Counts(dropped: 1, in1: 1), await CountsAsync("t"));
        await using var small = await _broker.ConnectAsync(new ConnectOptions { Properties = new PropertyList { { Property.MaximumPacketSize, 100u } } });
        await small.SubscribeAsync("t");
        await client.PublishAsync("t", new string('x', 200), qos: 1);
        Assert.Equal(Counts(dropped: 1, in1: 2), await CountsAsync("t"));
    }

    [Fact]
    public async Task While_no_topic_is_measured_no_hook_is_used()
    {
        var hooks = _broker.Get<BrokerHooks>();
        Assert.False(hooks.MessageDelivered.IsUsed || hooks.MessageDropped.IsUsed);
        await RegisterAsync("t");
        Assert.True(hooks.MessageDelivered.IsUsed && hooks.MessageDropped.IsUsed);
        Assert.True(await _meter.DeregisterAsync("t", default));
        Assert.False(hooks.MessageDelivered.IsUsed || hooks.MessageDropped.IsUsed);
    }

    [Fact]
    public async Task A_topic_goes_on_counting_when_others_come_and_go()
    {
        await RegisterAsync("t", "gone");
        await using var client = await _broker.ConnectAsync();
        await client.PublishAsync("t", qos: 1);
        await RegisterAsync("u");
        await _meter.DeregisterAsync("gone", default);
        await client.PublishAsync("t", qos: 1);
        Assert.Equal(Counts(dropped: 2, in1: 2), await CountsAsync("t"));
        Assert.Null(await _meter.FindAsync("gone", default));
        Assert.False(await _meter.DeregisterAsync("gone", default));
        Assert.Equal(["u", "t"], (await _meter.ListAsync(default)).Select(one => one.Topic));
    }

    [Fact]
    public async Task Counting_begins_anew_for_one_topic_or_for_all()
    {
        await RegisterAsync("t", "u");
        await using var client = await _broker.ConnectAsync();
        await client.PublishAsync("t", qos: 1);
        await client.PublishAsync("u", qos: 1);
        Assert.True(await _meter.RestartAsync("t", default));
        Assert.Equal(Counts(), await CountsAsync("t"));
        Assert.Equal(Counts(dropped: 1, in1: 1), await CountsAsync("u"));
        Assert.False(await _meter.RestartAsync("none", default));
        Assert.True(await _meter.RestartAsync(null, default));
        Assert.Equal(Counts(), await CountsAsync("u"));
    }

    [Fact]
    public async Task Only_so_many_topic_names_are_measured()
    {
        await RegisterAsync("t");
        Assert.Equal(TopicRegistration.AlreadyRegistered, await _meter.RegisterAsync("t", default));
        Assert.Equal(TopicRegistration.BadTopic, await _meter.RegisterAsync("t/+", default));
        Assert.Equal(TopicRegistration.BadTopic, await _meter.RegisterAsync(new string('a', 70_000), default));
        await RegisterAsync([.. Enumerable.Range(1, 511).Select(i => $"t{i}")]);
        Assert.Equal(TopicRegistration.TooMany, await _meter.RegisterAsync("one more", default));
        Assert.Equal(TopicRegistration.BadTopic, await _meter.RegisterAsync("t/#", default));
    }

    [Fact]
    public void A_rate_is_a_moving_average_over_five_seconds()
    {
        var topic = new MeasuredTopic("t", 0);
        for (var i = 0; i < 10; i++)
            topic.CountIn(qos: 1);
        topic.Tick();
        Assert.Equal(2, topic.Read().Rates[(int)TopicMetric.In]);
        topic.Tick();
        Assert.Equal(1.6, topic.Read().Rates[(int)TopicMetric.Qos1In], 6);
        topic.Restart();
        Assert.All(topic.Read().Rates, static rate => Assert.Equal(0, rate));
    }
}
