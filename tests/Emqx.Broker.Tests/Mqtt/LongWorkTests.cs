using Emqx.Broker.Hooks;
using Emqx.Broker.Routing;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Mqtt;

/// <summary>Packets that mean much work: it goes on in turns, and others get in between.</summary>
public sealed class LongWorkTests
{
    private readonly string _topic = Unique.Topic();

    private static (string, byte)[] Filters(int count, Func<int, string> name) => [.. Enumerable.Range(0, count).Select(i => (name(i), (byte)0))];

    [Theory, InlineData("many/{0}"), InlineData("$share/g{0}/t"), InlineData("+/{0}/#")]
    public async Task Others_are_served_while_a_packet_of_many_filters_is_worked_through(string form)
    {
        const int count = 50_000;
        await using var broker = await TestBroker.StartAsync();
        await using var busy = await broker.ConnectAsync();
        await using var other = await broker.ConnectAsync();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var router = broker.Get<Router>();
        broker.Get<BrokerHooks>().ClientSubscribe.Add(_ =>
        {
            begun.TrySetResult();
            return HookResult.Continue;
        });
        await busy.SendAsync(Packets.Subscribe(5, 1, null, Filters(count, i => string.Format(null, form, i))));
        await begun.Task.WaitAsync(Patience.Long);
        await other.ExpectNothingAsync();
        Assert.True(router.SubscriptionCount < count, "the other client had to wait until all was done");
        Assert.Equal(count, (await busy.ExpectAsync(PacketType.Suback)).ReasonCodes.Length);
        Assert.Equal(count, router.SubscriptionCount);
        await busy.SendAsync(Packets.Unsubscribe(5, 2, [.. Filters(count, i => string.Format(null, form, i)).Select(f => f.Item1)]));
        Assert.Equal(count, (await busy.ExpectAsync(PacketType.Unsuback)).ReasonCodes.Length);
        Assert.Equal(0, router.SubscriptionCount);
    }

    [Fact]
    public async Task What_follows_a_packet_of_many_filters_waits_for_it()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var client = await broker.ConnectAsync();
        await client.SendAsync(Packets.Subscribe(5, 1, null, Filters(10_000, i => $"{_topic}/{i}")));
        await client.SendAsync(Packets.Publish(5, $"{_topic}/9999", "own"));
        await client.SendAsync(Packets.Ping);
        Assert.Equal(10_000, (await client.ExpectAsync(PacketType.Suback)).ReasonCodes.Length);
        Assert.Equal("own", (await client.ExpectMessageAsync()).PayloadText);
        await client.ExpectAsync(PacketType.Pingresp);
    }

    [Theory, InlineData(0x03, 0x81), InlineData(0x00, 0x8F)]
    public async Task A_fault_at_the_end_of_a_large_packet_ends_the_connection_before_anything_takes_effect(byte options, byte reason)
    {
        await using var broker = await TestBroker.StartAsync();
        await using var client = await broker.ConnectAsync();
        await client.SendAsync(Packets.Subscribe(5, 1, null, [.. Filters(5_000, i => $"{_topic}/{i}"), ("a/#/b", options)]));
        await client.ExpectRefusedAsync(reason);
        Assert.Equal(0, broker.Get<Router>().SubscriptionCount);
    }

    [Fact]
    public async Task A_filter_that_a_packet_names_twice_brings_its_retained_messages_once()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var publisher = await broker.ConnectAsync();
        await publisher.PublishAsync(_topic, "kept", qos: 1, retain: true);
        await using var client = await broker.ConnectAsync();
        const byte onlyIfNew = 0x10;
        Assert.Equal(new byte[] { 0, 0, 0, 1 }, await client.SubscribeAsync(null, (_topic, onlyIfNew), ("x", 0), (_topic, 0), (_topic, onlyIfNew | 1)));
        Assert.Equal(("kept", 1), await client.ExpectMessageAsync() is var message ? (message.PayloadText, message.Qos) : default);
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_session_that_ends_with_many_subscriptions_lets_others_in_and_leaves_nothing()
    {
        const int count = 20_000;
        await using var broker = await TestBroker.StartAsync();
        await using var leaving = await broker.ConnectAsync();
        await using var other = await broker.ConnectAsync();
        await using var publisher = await broker.ConnectAsync();
        await leaving.SubscribeAsync(null, Filters(count, i => i % 2 == 0 ? $"$share/g/{_topic}/{i}" : $"{_topic}/{i}/+"));
        await other.SubscribeAsync($"$share/g/{_topic}/{count - 2}");
        await leaving.DisconnectAsync();
        await leaving.ExpectClosedAsync();
        for (var i = 0; i < 3; i++)
        {
            await publisher.PublishAsync($"{_topic}/{count - 2}", $"{i}", qos: 1); // never lost to the one that has gone
            Assert.Equal($"{i}", (await other.ExpectMessageAsync()).PayloadText);
        }

        await Eventually.TrueAsync(() => broker.Get<Router>().SubscriptionCount == 1, "its subscriptions are gone");
    }
}
