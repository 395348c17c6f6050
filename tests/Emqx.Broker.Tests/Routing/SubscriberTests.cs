using Emqx.Broker.Clients;
using Emqx.Broker.Messages;
using Emqx.Broker.Metrics;
using Emqx.Broker.Modules.Retainer;
using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;
using Emqx.TestKit;
using Xunit;

namespace Emqx.Broker.Tests.Routing;

/// <summary>A part of the node subscribes without an MQTT session.</summary>
public sealed class SubscriberTests : IAsyncLifetime
{
    private readonly TestSubscriber _subscriber = new("bridge:one");
    private TestBroker _broker = null!;

    public async ValueTask InitializeAsync() => _broker = await TestBroker.StartAsync();

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    private Subscription Subscribe(string filter) => Subscribe(_subscriber, filter, default);

    private Subscription Subscribe(ISubscriber subscriber, string filter, SubscriptionOptions options)
    {
        var subscription = new Subscription(subscriber, TopicFilter.Parse(filter), options);
        _broker.Get<Router>().Add(subscription);
        return subscription;
    }

    private int Publish(string topic, string from = "somebody", bool retain = false)
    {
        var published = _broker.Get<Publisher>().PublishAsync(Message.Create(topic, "x"u8.ToArray(), from, 0, qos: 1, retain: retain));
        return published.IsCompletedSuccessfully ? published.Result : throw new InvalidOperationException("nothing here waits");
    }

    [Fact]
    public async Task It_gets_what_clients_publish()
    {
        Subscribe("plain/+");
        await using var client = await _broker.ConnectAsync();
        Assert.Equal(ReasonCode.Success, await client.PublishAsync("plain/a", qos: 1));
        Assert.Equal(["plain/a"], _subscriber.Topics);
    }

    [Fact]
    public void It_takes_its_turn_in_a_share_group()
    {
        var other = new TestSubscriber("bridge:two");
        Subscribe("$share/g/jobs");
        Subscribe(other, "$share/g/jobs", default);
        for (var i = 0; i < 200; i++)
            Assert.Equal(1, Publish("jobs"));
        Assert.Equal(200, _subscriber.Topics.Length + other.Topics.Length);
        Assert.NotEmpty(_subscriber.Topics);
        Assert.NotEmpty(other.Topics);
    }

    [Fact]
    public void It_gets_retained_messages()
    {
        Publish("kept", retain: true);
        _broker.Get<RetainerModule>().Deliver(Subscribe("kept"), isNew: true);
        Assert.Equal(["kept"], _subscriber.Topics);
    }

    [Fact]
    public void It_keeps_its_own_messages_out_by_no_local()
    {
        Subscribe(_subscriber, "loop", new SubscriptionOptions(0, NoLocal: true, false, 0, 0));
        Publish("loop", from: _subscriber.ClientId);
        Publish("loop");
        Assert.Equal(["loop"], _subscriber.Topics);
        Assert.Equal(1, _broker.Get<Counters>().Read(Metric.DeliveryDroppedNoLocal));
    }

    [Fact]
    public void The_setting_ignore_loop_deliver_spares_who_chooses_no_local()
    {
        var plain = new TestSubscriber("bridge:plain") { ChoosesNoLocal = false };
        _broker.Configure(static mqtt => mqtt with { IgnoreLoopDeliver = true });
        Subscribe("loop");
        Subscribe(plain, "loop", default);
        Publish("loop", from: _subscriber.ClientId);
        Publish("loop", from: plain.ClientId);
        Assert.Equal(["loop", "loop"], _subscriber.Topics);
        Assert.Equal(["loop"], plain.Topics);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("bridge:one")]
    public async Task It_is_listed_among_the_subscriptions(string? clientId)
    {
        Subscribe("a");
        Subscribe("$share/g/b");
        Subscribe(new TestSubscriber("bridge:zero"), "a", default);
        using var page = await _broker.Get<ISubscriptionDirectory>().ListAsync(new() { ClientId = clientId }, 1, 10, default);
        Assert.Equal(clientId is null ? 3 : 2, page.Total);
        Assert.Equal([("a", "bridge:one"), ("$share/g/b", "bridge:one")],
            page.Rows.ToArray().Where(row => row.ClientId == "bridge:one").Select(row => (row.Topic, row.ClientId)));
    }

    [Fact]
    public void Nobody_is_left_when_it_has_unsubscribed()
    {
        var subscription = Subscribe("gone");
        Assert.True(_broker.Get<Router>().HasOther(_subscriber.ClientId));
        Assert.True(_broker.Get<Router>().Remove(subscription));
        Assert.False(_broker.Get<Router>().HasOther(_subscriber.ClientId));
        Assert.Equal(0, Publish("gone"));
        Assert.Empty(_subscriber.Topics);
    }
}
