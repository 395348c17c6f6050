using Emqx.Broker.Hooks;
using Emqx.Broker.Modules.SlowSubs;
using Emqx.Broker.Settings;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Modules;

/// <summary>Slow deliveries to real clients, by a clock that the test moves.</summary>
public sealed class SlowSubscriptionsTests : IAsyncLifetime
{
    private readonly ManualClock _time = new();
    private TestBroker _broker = null!;
    private RawMqttClient _publisher = null!;
    private SlowSubscriptions _slow = null!;

    public async ValueTask InitializeAsync()
    {
        _broker = await TestBroker.StartAsync(new MqttSettings { MaxInflight = 1 }, _time);
        _slow = _broker.Get<SlowSubscriptions>();
        _publisher = await _broker.ConnectAsync();
        Set(new SlowSubsSettings(Enable: true, Threshold: 100));
    }

    public async ValueTask DisposeAsync()
    {
        await _publisher.DisposeAsync();
        await _broker.DisposeAsync();
    }

    private void Set(SlowSubsSettings settings) => _broker.Get<SettingsRoot<SlowSubsSettings>>().Replace(settings);

    private void Advance(int milliseconds) => _time.Advance(TimeSpan.FromMilliseconds(milliseconds));

    private async Task<RawMqttClient> SubscribeAsync(string clientId, string topic, byte qos = 1)
    {
        var client = await _broker.ConnectAsync(ConnectOptions.Lasting(clientId));
        await client.SubscribeAsync(topic, qos);
        Advance(50);
        return client;
    }

    /// <summary>Publishes, and has the client acknowledge after so long.</summary>
    private async Task DeliverAsync(RawMqttClient client, string topic, int milliseconds, int qos = 1)
    {
        await _publisher.PublishAsync(topic, qos: qos);
        var message = await client.ExpectMessageAsync();
        Advance(milliseconds);
        await client.AcknowledgeAsync(message);
        await client.ExpectNothingAsync();
    }

    private async Task<(string ClientId, string Topic, long Timespan)[]> ListAsync() =>
        [.. (await _slow.ListAsync(default)).Select(one => (one.Value.ClientId, one.Value.Topic, one.Value.Timespan))];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_delivery_over_the_threshold_is_listed(int qos)
    {
        await using var client = await SubscribeAsync("c", "t", 2);
        await DeliverAsync(client, "t", 300, qos);
        Assert.Equal([("c", "t", 300)], await ListAsync());
        var one = Assert.Single(await _slow.ListAsync(default));
        Assert.Equal(("test@127.0.0.1", _time.GetUtcNow().ToUnixTimeMilliseconds()), (one.Node, one.Value.At));
    }

    [Fact]
    public async Task A_delivery_within_the_threshold_is_not()
    {
        await using var client = await SubscribeAsync("c", "t");
        await DeliverAsync(client, "t", 100);
        Assert.Empty(await ListAsync());
    }

    [Theory]
    [InlineData("Whole", 500)]
    [InlineData("Internal", 200)]
    [InlineData("Response", 300)]
    public async Task The_whole_is_the_wait_for_its_turn_and_the_wait_for_the_client(string type, long expected)
    {
        Set(new SlowSubsSettings(Enable: true, Threshold: 100, StatsType: Enum.Parse<SlowSpan>(type)));
        await using var client = await SubscribeAsync("c", "+");
        await _publisher.PublishAsync("before", qos: 1);
        await _publisher.PublishAsync("t", qos: 1);
        var before = await client.ExpectMessageAsync();
        Advance(200);
        await client.AcknowledgeAsync(before);
        var message = await client.ExpectMessageAsync();
        Advance(300);
        await client.AcknowledgeAsync(message);
        await client.ExpectNothingAsync();
        Assert.Contains(("c", "t", expected), await ListAsync());
    }

    [Fact]
    public async Task A_message_of_QoS_0_that_waited_for_the_client_is_listed()
    {
        var client = await SubscribeAsync("c", "t", 0);
        await client.DisconnectAsync();
        await client.DisposeAsync();
        await _publisher.PublishAsync("t");
        Advance(400);
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _broker.Get<BrokerHooks>().DeliveryCompleted.Add(_ => told.TrySetResult());
        await using var again = await _broker.ConnectAsync(ConnectOptions.Lasting("c"));
        await again.ExpectMessageAsync();
        await told.Task.WaitAsync(Patience.Long);
        Assert.Equal([("c", "t", 400)], await ListAsync());
    }

    [Fact]
    public async Task A_message_that_is_older_than_the_session_is_not()
    {
        await _publisher.PublishAsync("t", qos: 1, retain: true);
        Advance(1000);
        await using var client = await SubscribeAsync("c", "t");
        await client.ExpectMessageAsync(acknowledge: true);
        await client.ExpectNothingAsync();
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task The_slowest_are_kept_and_listed_first()
    {
        Set(new SlowSubsSettings(Enable: true, Threshold: 100, TopKNum: 2));
        foreach (var (name, wait) in ((string, int)[])[("a", 200), ("b", 600), ("c", 400), ("d", 150)])
        {
            await using var client = await SubscribeAsync(name, name);
            await DeliverAsync(client, name, wait);
        }

        Assert.Equal([("b", "b", 600), ("c", "c", 400)], await ListAsync());
        Set(new SlowSubsSettings(Enable: true, Threshold: 100, TopKNum: 1));
        Assert.Equal([("b", "b", 600)], await ListAsync());
    }

    [Fact]
    public async Task A_client_and_topic_have_one_entry_the_longest()
    {
        await using var client = await SubscribeAsync("c", "t");
        foreach (var wait in (int[])[300, 500, 200])
            await DeliverAsync(client, "t", wait);
        Assert.Equal([("c", "t", 500)], await ListAsync());
    }

    [Fact]
    public async Task Entries_expire_and_can_be_cleared()
    {
        Set(new SlowSubsSettings(Enable: true, Threshold: 100, ExpireInterval: 5_000));
        await using var client = await SubscribeAsync("c", "+");
        await DeliverAsync(client, "t", 300);
        await _slow.ClearAsync(default);
        Assert.Empty(await ListAsync());
        await DeliverAsync(client, "u", 300);
        Advance(4_000);
        Assert.Single(await ListAsync());
        Advance(15_000);
        await _slow.TickAsync(0, default);
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task Off_nothing_is_added_and_no_hook_is_used()
    {
        var hooks = _broker.Get<BrokerHooks>();
        Assert.True(hooks.DeliveryCompleted.IsUsed);
        await using var client = await SubscribeAsync("c", "+");
        await DeliverAsync(client, "t", 300);
        Set(new SlowSubsSettings(Threshold: 100));
        Assert.False(hooks.DeliveryCompleted.IsUsed || hooks.MessageAcked.IsUsed || hooks.MessageDelivered.IsUsed);
        await DeliverAsync(client, "u", 300);
        Assert.Equal([("c", "t", 300)], await ListAsync());
    }

    [Fact]
    public void What_is_too_fast_for_a_full_list_is_not_wanted()
    {
        var ranking = new SlowRanking();
        Assert.True(ranking.Wants(0));
        ranking.Add(new SlowDelivery("a", "t", 200, 0, 0), most: 1);
        Assert.False(ranking.Wants(200));
        Assert.True(ranking.Wants(201));
        ranking.Clear();
        Assert.True(ranking.Wants(200));
    }
}
