using Emqx.Broker.Hooks;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Mqtt;

/// <summary>Wills and their delay.</summary>
public sealed class WillTests(SharedBroker broker)
{
    private readonly string _topic = Unique.Topic(), _id = Unique.Name("w");

    private ConnectOptions With(byte version = 5, uint delay = 0, uint expiry = 0, int qos = 1, bool retain = false) => new()
    {
        ClientId = _id, Version = version, Clean = expiry == 0,
        Properties = expiry == 0 ? [] : new PropertyList { { Property.SessionExpiryInterval, expiry } },
        Will = new Will(_topic, "will"u8.ToArray())
        {
            Qos = qos, Retain = retain, Properties = delay == 0 ? [] : new PropertyList { { Property.WillDelayInterval, delay } },
        },
    };

    [Theory, InlineData(5), InlineData(4), InlineData(3)]
    public async Task A_broken_connection_publishes_the_will(byte version)
    {
        await using var watcher = await broker.ConnectAsync();
        await watcher.SubscribeAsync(_topic, 2);
        var client = await broker.ConnectAsync(With(version));
        await client.DropAsync();
        var will = await watcher.ExpectMessageAsync();
        Assert.Equal(("will", 1), (will.PayloadText, will.Qos));
    }

    [Theory, InlineData(5), InlineData(4)]
    public async Task Leaving_in_order_drops_the_will(byte version)
    {
        await using var watcher = await broker.ConnectAsync();
        await watcher.SubscribeAsync(_topic, 2);
        await using var client = await broker.ConnectAsync(With(version));
        await client.DisconnectAsync();
        await watcher.ExpectNothingAsync();
    }

    [Fact]
    public async Task Leaving_with_0x04_publishes_the_will()
    {
        await using var watcher = await broker.ConnectAsync();
        await watcher.SubscribeAsync(_topic, 2);
        await using var client = await broker.ConnectAsync(With());
        await client.DisconnectAsync(0x04);
        Assert.Equal("will", (await watcher.ExpectMessageAsync()).PayloadText);
    }

    [Fact]
    public async Task A_protocol_error_publishes_the_will()
    {
        await using var watcher = await broker.ConnectAsync();
        await watcher.SubscribeAsync(_topic, 2);
        await using var client = await broker.ConnectAsync(With());
        await client.SendAsync(new byte[] { 0, 0 });
        await client.ExpectRefusedAsync(ReasonCode.MalformedPacket);
        Assert.Equal("will", (await watcher.ExpectMessageAsync()).PayloadText);
    }

    [Fact]
    public async Task A_will_may_be_retained_and_keeps_its_properties()
    {
        await using var client = await broker.ConnectAsync(With(retain: true) with
        {
            Will = new Will(_topic, "will"u8.ToArray())
            {
                Retain = true,
                Properties = { { Property.ContentType, "text/plain" }, { Property.UserProperty, "a", "b" }, { Property.MessageExpiryInterval, 100 } },
            },
        });
        await using var watcher = await broker.ConnectAsync();
        await watcher.SubscribeAsync(_topic, 0);
        await client.DropAsync();
        Assert.Equal("text/plain", (await watcher.ExpectMessageAsync()).Properties.Text(Property.ContentType));
        await using var late = await broker.ConnectAsync();
        await late.SubscribeAsync(_topic, 0);
        var will = await late.ExpectMessageAsync();
        Assert.True(will.Retain);
        Assert.Equal(("a", "b"), will.Properties.All<(string, string)>(Property.UserProperty).Single());
        await late.PublishAsync($"{_topic}/other");
        await watcher.SendAsync(Packets.Publish(5, _topic, "", retain: true));
    }

    [Fact]
    public async Task A_delayed_will_waits()
    {
        var clock = new ManualClock();
        await using var one = await TestBroker.StartAsync(time: clock);
        await using var watcher = await one.ConnectAsync(new ConnectOptions { KeepAlive = 0 });
        await watcher.SubscribeAsync(_topic, 2);
        var gone = one.GoneAsync(_id);
        await using (var client = await one.ConnectAsync(With(delay: 10, expiry: 100)))
            await client.DisconnectAsync(0x04);
        await gone;
        await watcher.ExpectNothingAsync();
        clock.Advance(TimeSpan.FromSeconds(8));
        await watcher.ExpectNothingAsync();
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("will", (await watcher.ExpectMessageAsync()).PayloadText);
    }

    [Fact]
    public async Task A_delayed_will_is_given_up_when_the_client_is_back_in_time()
    {
        var clock = new ManualClock();
        await using var one = await TestBroker.StartAsync(time: clock);
        await using var watcher = await one.ConnectAsync(new ConnectOptions { KeepAlive = 0 });
        await watcher.SubscribeAsync(_topic, 2);
        await using (var client = await one.ConnectAsync(With(delay: 10, expiry: 100)))
            await client.DisconnectAsync(0x04);
        clock.Advance(TimeSpan.FromSeconds(5));
        await using var back = await one.ConnectAsync(new ConnectOptions
        {
            ClientId = _id, Clean = false, KeepAlive = 0, Properties = { { Property.SessionExpiryInterval, 100 } },
        });
        clock.Advance(TimeSpan.FromSeconds(20));
        await watcher.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_delayed_will_does_not_outwait_the_session()
    {
        var clock = new ManualClock();
        await using var one = await TestBroker.StartAsync(time: clock);
        await using var watcher = await one.ConnectAsync(new ConnectOptions { KeepAlive = 0 });
        await watcher.SubscribeAsync(_topic, 2);
        var gone = one.GoneAsync(_id);
        await using (var client = await one.ConnectAsync(With(delay: 1000, expiry: 10)))
            await client.DisconnectAsync(0x04);
        await gone;
        clock.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal("will", (await watcher.ExpectMessageAsync()).PayloadText);
    }

    [Fact]
    public async Task A_will_that_the_client_may_not_publish_is_dropped()
    {
        using var link = broker.Broker.Get<BrokerHooks>().ClientAuthorize.Add(request =>
        {
            if (request.Topic == _topic && request.IsPublish)
                request.Verdict = false;
            return HookResult.Continue;
        });
        await using var watcher = await broker.ConnectAsync();
        await watcher.SubscribeAsync(_topic, 2);
        await using var client = await broker.ConnectAsync(With());
        await client.DisconnectAsync(0x04);
        await watcher.ExpectNothingAsync();
    }

    [Fact]
    public async Task Taking_over_with_clean_start_publishes_the_will_of_the_older()
    {
        await using var watcher = await broker.ConnectAsync();
        await watcher.SubscribeAsync(_topic, 2);
        await using var older = await broker.ConnectAsync(With());
        await using var newer = await broker.ConnectAsync(new ConnectOptions { ClientId = _id });
        Assert.Equal("will", (await watcher.ExpectMessageAsync()).PayloadText);
    }
}
