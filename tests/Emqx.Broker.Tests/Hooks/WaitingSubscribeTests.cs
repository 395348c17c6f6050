using Emqx.Broker.Clients;
using Emqx.Broker.Hooks;
using Emqx.Broker.Tests.Mqtt;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;
using AuthorizeRequest = Emqx.Broker.Protocol.AuthorizeRequest;

namespace Emqx.Broker.Tests.Hooks;

/// <summary>SUBSCRIBE and UNSUBSCRIBE whose filters take time.</summary>
public sealed class WaitingSubscribeTests(SharedBroker shared)
{
    private readonly string _topic = Unique.Topic(), _id = Unique.Name("ws");

    private WaitingLink<SubscribeAttempt> Subscribing(TestBroker broker) => new(broker.Get<BrokerHooks>().ClientSubscribe, attempt => attempt.Client.ClientId == _id);

    private WaitingLink<SubscribeAttempt> Unsubscribing(TestBroker broker) => new(broker.Get<BrokerHooks>().ClientUnsubscribe, attempt => attempt.Client.ClientId == _id);

    private WaitingLink<AuthorizeRequest> Authorizing(TestBroker broker) => new(broker.Get<BrokerHooks>().ClientAuthorize, request => request.Client.ClientId == _id);

    private Task<RawMqttClient> ConnectAsync(TestBroker broker) => broker.ConnectAsync(new ConnectOptions { ClientId = _id, KeepAlive = 0 });

    [Fact]
    public async Task Each_filter_waits_for_its_authorization_and_its_hook()
    {
        using var subscribing = Subscribing(shared.Broker);
        using var authorizing = Authorizing(shared.Broker);
        await using var client = await ConnectAsync(shared.Broker);
        await client.SendAsync((byte[])[.. Packets.Subscribe(5, 7, null, (_topic, 1), ($"{_topic}/a", 0), ($"{_topic}/b", 0)), .. Packets.Publish(5, $"{_topic}/new", "x"), .. Packets.Ping]);
        (await authorizing.AskedAsync()).Answer(static request => request.Verdict = true);
        (await subscribing.AskedAsync()).Answer(attempt => attempt.Filter = $"{_topic}/new");
        (await authorizing.AskedAsync()).Answer(static request => request.Verdict = true);
        (await subscribing.AskedAsync()).Answer(static attempt => attempt.ReasonCode = ReasonCode.QuotaExceeded);
        var last = await authorizing.AskedAsync();
        Assert.False(client.HasArrived);
        last.Answer(static request => request.Verdict = false);
        Assert.Equal([1, ReasonCode.QuotaExceeded, ReasonCode.NotAuthorized], (await client.ExpectAsync(PacketType.Suback)).ReasonCodes);
        (await authorizing.AskedAsync()).Answer(); // of the PUBLISH
        Assert.Equal("x", (await client.ExpectMessageAsync()).PayloadText);
        await client.ExpectAsync(PacketType.Pingresp);
    }

    [Fact]
    public async Task An_UNSUBSCRIBE_waits_for_its_hook()
    {
        using var unsubscribing = Unsubscribing(shared.Broker);
        await using var client = await ConnectAsync(shared.Broker);
        await client.SubscribeAsync(_topic);
        await client.SendAsync((byte[])[.. Packets.Unsubscribe(5, 7, _topic, "none"), .. Packets.Publish(5, _topic, "x"), .. Packets.Ping]);
        (await unsubscribing.AskedAsync()).Answer();
        var last = await unsubscribing.AskedAsync();
        Assert.False(client.HasArrived);
        last.Answer();
        Assert.Equal([0, ReasonCode.NoSubscriptionExisted], (await client.ExpectAsync(PacketType.Unsuback)).ReasonCodes);
        await client.ExpectAsync(PacketType.Pingresp);
    }

    [Theory, InlineData("subscribe", 0x80), InlineData("authorize", 0x87), InlineData("unsubscribe", 0x80)]
    public async Task No_verdict_in_time_refuses_the_filter(string which, byte code)
    {
        var clock = new ManualClock();
        await using var broker = await TestBroker.StartAsync(time: clock);
        await using var client = await ConnectAsync(broker);
        if (which == "unsubscribe")
            await client.SubscribeAsync(_topic);
        using var subscribing = which == "subscribe" ? Subscribing(broker) : null;
        using var authorizing = which == "authorize" ? Authorizing(broker) : null;
        using var unsubscribing = which == "unsubscribe" ? Unsubscribing(broker) : null;
        var codes = which == "unsubscribe" ? client.UnsubscribeAsync(_topic) : client.SubscribeAsync(_topic);
        await (subscribing?.AskedAsync() ?? authorizing?.AskedAsync() ?? (Task)unsubscribing!.AskedAsync());
        await clock.AdvanceUntilAsync(() => codes.IsCompleted, HookChain<SubscribeAttempt>.LongTimeout * 2, "the answer of a chain that has given up");
        Assert.Equal([code], await codes);
        var actions = broker.Get<ISessionActions>();
        Assert.Equal(which == "unsubscribe" ? 1 : 0, actions.Find(_id)!.SubscriptionCount);
    }

    [Fact]
    public async Task A_SUBSCRIBE_of_a_connection_that_was_taken_over_meanwhile_changes_nothing()
    {
        using var subscribing = Subscribing(shared.Broker);
        await using var client = await shared.ConnectAsync(ConnectOptions.Lasting(_id));
        await client.SendAsync(Packets.Subscribe(5, 7, null, (_topic, 1)));
        var attempt = await subscribing.AskedAsync();
        await using var next = await shared.ConnectAsync(ConnectOptions.Lasting(_id));
        await client.ExpectRefusedAsync(ReasonCode.SessionTakenOver);
        attempt.Answer();
        await next.ExpectNothingAsync();
        Assert.Equal(0, shared.Broker.Get<ISessionActions>().Find(_id)!.SubscriptionCount);
        await next.DisconnectAsync(0, new PropertyList { { Property.SessionExpiryInterval, 0 } });
    }
}
