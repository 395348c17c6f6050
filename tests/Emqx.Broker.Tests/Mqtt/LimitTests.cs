using System.Net.Sockets;
using Emqx.Broker.Settings;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Mqtt;

/// <summary>The limits of the zone: what CONNACK tells and what is refused.</summary>
public sealed class LimitTests
{
    private readonly string _topic = Unique.Topic();

    [Theory, InlineData(0), InlineData(1)]
    public async Task A_QoS_over_the_maximum_ends_the_connection_but_is_granted_to_subscribers(byte max)
    {
        await using var broker = await TestBroker.StartAsync(new MqttSettings { MaxQosAllowed = max });
        await using var client = await broker.OpenAsync();
        Assert.Equal(max, (await client.ConnectAsync(new ConnectOptions())).Properties.Number(Property.MaximumQos));
        Assert.Equal(new byte[] { 2 }, await client.SubscribeAsync(_topic, 2));
        await client.SendAsync(Packets.Publish(5, _topic, "x", max + 1, 1));
        await client.ExpectRefusedAsync(ReasonCode.QosNotSupported);
        await using var old = await broker.ConnectAsync(4);
        await old.SendAsync(Packets.Publish(4, _topic, "x", max + 1, 1));
        await old.ExpectClosedAsync();
    }

    [Fact]
    public async Task Retained_messages_may_be_off()
    {
        await using var broker = await TestBroker.StartAsync(new MqttSettings { RetainAvailable = false });
        await using var client = await broker.OpenAsync();
        Assert.Equal(0u, (await client.ConnectAsync(new ConnectOptions())).Properties.Number(Property.RetainAvailable));
        await client.SendAsync(Packets.Publish(5, _topic, "x", retain: true));
        await client.ExpectRefusedAsync(ReasonCode.RetainNotSupported);
    }

    [Theory, InlineData(5, ReasonCode.WildcardsNotSupported), InlineData(4, 0x80)]
    public async Task Wildcards_may_be_off(byte version, byte reason)
    {
        await using var broker = await TestBroker.StartAsync(new MqttSettings { WildcardSubscription = false });
        await using var client = await broker.OpenAsync(version);
        var connack = await client.ConnectAsync(new ConnectOptions { Version = version });
        Assert.Equal(version == 5 ? 0u : null, connack.Properties.Number(Property.WildcardSubscriptionAvailable));
        Assert.Equal(new byte[] { reason, 0, reason }, await client.SubscribeAsync(null, ("a/#", 0), ("a", 0), ("+", 0)));
    }

    [Theory, InlineData(5, ReasonCode.SharedNotSupported), InlineData(4, 0x80)]
    public async Task Shared_subscriptions_may_be_off(byte version, byte reason)
    {
        await using var broker = await TestBroker.StartAsync(new MqttSettings { SharedSubscription = false });
        await using var client = await broker.OpenAsync(version);
        var connack = await client.ConnectAsync(new ConnectOptions { Version = version });
        Assert.Equal(version == 5 ? 0u : null, connack.Properties.Number(Property.SharedSubscriptionAvailable));
        Assert.Equal(new byte[] { reason, 0 }, await client.SubscribeAsync(null, ("$share/g/a", 0), ("a", 0)));
    }

    [Theory, InlineData(5, ReasonCode.TopicFilterInvalid), InlineData(4, 0x80)]
    public async Task Topics_may_have_so_many_levels(byte version, byte reason)
    {
        await using var broker = await TestBroker.StartAsync(new MqttSettings { MaxTopicLevels = 3 });
        await using var client = await broker.ConnectAsync(version);
        Assert.Equal(new byte[] { 0, reason }, await client.SubscribeAsync(null, ("a/b/c", 0), ("a/b/c/d", 0)));
        await client.PublishAsync("x/b/c");
        await client.SendAsync(Packets.Publish(version, "a/b/c/d", "x"));
        await client.ExpectRefusedAsync(ReasonCode.TopicNameInvalid);
    }

    [Theory, InlineData(5, ReasonCode.QuotaExceeded), InlineData(4, 0x80)]
    public async Task Subscriptions_may_be_so_many(byte version, byte reason)
    {
        await using var broker = await TestBroker.StartAsync(new MqttSettings { MaxSubscriptions = 2 });
        await using var client = await broker.ConnectAsync(version);
        Assert.Equal(new byte[] { 0, 0, reason }, await client.SubscribeAsync(null, ("a", 0), ("b", 0), ("c", 0)));
        Assert.Equal(new byte[] { 1 }, await client.SubscribeAsync("a", 1));
        await client.UnsubscribeAsync("b");
        Assert.Equal(new byte[] { 0 }, await client.SubscribeAsync("c"));
    }

    [Fact]
    public async Task A_change_counts_for_connections_made_after_it()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var before = await broker.ConnectAsync();
        broker.Configure(mqtt => mqtt with { RetainAvailable = false, MaxInflight = 5 });
        await using var after = await broker.OpenAsync();
        var told = (await after.ConnectAsync(new ConnectOptions())).Properties;
        Assert.Equal((0u, 5u), (told.Number(Property.RetainAvailable), told.Number(Property.ReceiveMaximum)));
        await before.ExpectNothingAsync();
    }

    [Theory, InlineData(5), InlineData(4)]
    public async Task A_packet_over_the_maximum_ends_the_connection_before_it_is_read(byte version)
    {
        await using var broker = await TestBroker.StartAsync(new MqttSettings { MaxPacketSize = 1024 });
        await using var fits = await broker.ConnectAsync(version);
        var overhead = Packets.Publish(version, _topic, new byte[900]).Length - 900;
        await fits.SendAsync(Packets.Publish(version, _topic, new byte[1024 - overhead]));
        await fits.ExpectNothingAsync();
        await using var client = await broker.ConnectAsync(version);
        await client.SendAsync(new byte[] { 0x30, 0xFF, 0xFF, 0xFF, 0x7F });
        await client.ExpectRefusedAsync(ReasonCode.PacketTooLarge);
    }

    [Fact]
    public async Task A_CONNECT_over_the_maximum_is_refused()
    {
        await using var broker = await TestBroker.StartAsync(new MqttSettings { MaxPacketSize = 64 });
        await using var client = await broker.OpenAsync();
        await client.SendAsync(new ConnectOptions { ClientId = new string('x', 100) }.ToPacket());
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task Messages_over_the_client_s_maximum_are_not_sent_to_it()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var client = await broker.ConnectAsync(new ConnectOptions { Properties = { { Property.MaximumPacketSize, 100 } } });
        await client.SubscribeAsync(_topic, 1);
        await using var publisher = await broker.ConnectAsync();
        await publisher.PublishAsync(_topic, new string('x', 200), 1);
        await publisher.PublishAsync(_topic, new string('x', 200));
        await publisher.PublishAsync(_topic, "small", 1);
        Assert.Equal("small", (await client.ExpectMessageAsync()).PayloadText);
    }

    [Fact]
    public async Task Connections_over_the_listener_s_maximum_are_closed_without_a_byte()
    {
        await using var broker = await TestBroker.StartAsync();
        var port = await broker.ListenAsync(new ListenerSettings { Type = ListenerType.Tcp, Name = "small", Bind = TestBroker.Loopback, MaxConnections = 1 });
        var first = await RawMqttClient.OpenTcpAsync(port);
        await first.ConnectAsync(new ConnectOptions());
        try
        {
            await using var second = await RawMqttClient.OpenTcpAsync(port);
            await second.ExpectClosedAsync();
        }
        catch (SocketException)
        {
            // Reset before it was seen as open.
        }

        await first.DisconnectAsync();
        await Eventually.TrueAsync(() => broker.Get<Broker.Mqtt.Listening.IMqttListeners>().Find("tcp:small")!.CurrentConnections == 0, "the first has left");
        await using var third = await RawMqttClient.OpenTcpAsync(port);
        Assert.Equal(0, (await third.ConnectAsync(new ConnectOptions())).ReasonCode);
    }

    [Fact]
    public async Task A_stopped_listener_drops_its_clients_without_their_wills()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var watcher = await broker.ConnectAsync();
        await watcher.SubscribeAsync(_topic);
        var settings = new ListenerSettings { Type = ListenerType.Tcp, Name = "other", Bind = TestBroker.Loopback };
        var port = await broker.ListenAsync(settings);
        await using var client = await RawMqttClient.OpenTcpAsync(port);
        var options = ConnectOptions.Lasting(Unique.Name("l")) with { Will = new Will(_topic, "will"u8.ToArray()) };
        await client.ConnectAsync(options);
        await broker.Get<Broker.Mqtt.Listening.IMqttListeners>().StopAsync(settings.Id, CancellationToken.None);
        await client.ExpectClosedAsync();
        await watcher.ExpectNothingAsync();
        await Assert.ThrowsAsync<SocketException>(() => RawMqttClient.OpenTcpAsync(port));
        await using var back = await broker.OpenAsync();
        Assert.False((await back.ConnectAsync(options)).SessionPresent);
    }
}
