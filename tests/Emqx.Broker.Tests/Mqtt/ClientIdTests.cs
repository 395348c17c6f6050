using Emqx.Broker.Settings;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Mqtt;

/// <summary>Which client ids a CONNECT may have.</summary>
public sealed class ClientIdTests(SharedBroker broker)
{
    private const byte NotValid = 0x85, Rejected = 2;

    [Theory]
    [InlineData(5, true, 0), InlineData(5, false, NotValid), InlineData(4, true, 0), InlineData(4, false, Rejected)]
    [InlineData(3, true, Rejected), InlineData(3, false, Rejected)]
    public async Task An_empty_id_is_for_clean_sessions_of_version_3_1_1_and_5(byte version, bool clean, byte code)
    {
        await using var client = await broker.OpenAsync(version);
        var connack = await client.ConnectAsync(new ConnectOptions { Version = version, ClientId = "", Clean = clean });
        Assert.Equal(code, connack.ReasonCode);
        Assert.Equal(version == 5 && code == 0, connack.Properties.Text(Property.AssignedClientIdentifier) is not null);
    }

    [Theory, InlineData(5, NotValid), InlineData(4, Rejected)]
    public async Task The_longest_id_is_counted_in_bytes(byte version, byte code)
    {
        await using var one = await TestBroker.StartAsync(new MqttSettings { MaxClientIdLength = 23 });
        await using var fits = await one.ConnectAsync(new ConnectOptions { Version = version, ClientId = new string('a', 21) + "ö" });
        await using var client = await one.OpenAsync(version);
        Assert.Equal(code, (await client.ConnectAsync(new ConnectOptions { Version = version, ClientId = new string('a', 22) + "ö" })).ReasonCode);
    }

    [Theory, InlineData(3), InlineData(4)]
    public async Task A_bridge_gets_live_messages_with_their_retain_flag(byte version)
    {
        var topic = Unique.Topic();
        await using var bridge = await broker.OpenAsync(version);
        var connect = new ConnectOptions { Version = version }.ToPacket();
        connect[version == 3 ? 10 : 8] |= 0x80;
        await bridge.SendAsync(connect);
        Assert.Equal(0, (await bridge.ExpectAsync(PacketType.Connack)).ReasonCode);
        await using var plain = await broker.ConnectAsync(version);
        await bridge.SubscribeAsync(topic, 1);
        await plain.SubscribeAsync(topic, 1);
        await using var publisher = await broker.ConnectAsync();
        await publisher.PublishAsync(topic, "one", qos: 1, retain: true);
        await publisher.PublishAsync(topic, "two", qos: 1);
        Assert.True((await bridge.ExpectMessageAsync()).Retain);
        Assert.False((await bridge.ExpectMessageAsync()).Retain);
        Assert.False((await plain.ExpectMessageAsync()).Retain);
        await publisher.PublishAsync(topic, "", retain: true);
    }
}
