using Emqx.Broker.Settings;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Mqtt;

/// <summary>Wrong packets of connected clients, with strict mode off and on (contract: restart_and_transports, 4).</summary>
public sealed class MalformedPacketTests(MalformedConnectTests.Brokers brokers) : IClassFixture<MalformedConnectTests.Brokers>
{
    private static readonly byte[] s_badUtf8 = [0xC3, 0x28];

    private static byte[] Packet(string name, byte version)
    {
        byte[] none = version == 5 ? [0] : [];
        PacketWriter Body() => new();
        return name switch
        {
            "publish QoS 3" => Body().Text("t").Short(1).Raw(none).Raw("x"u8).ToPacket(0x36),
            "publish QoS 1 id 0" => Packets.Publish(version, "t", "x", qos: 1, id: 0),
            "dup with QoS 0" => Body().Text("t").Raw(none).Raw("x"u8).ToPacket(0x38),
            "subscribe flags" => Body().Short(1).Raw(none).Text("t").Byte(0).ToPacket(0x80),
            "subscribe id 0" => Packets.Subscribe(version, 0, null, ("t", 0)),
            "pubrel flags" => Body().Short(1).ToPacket(0x60),
            "pingreq flags" => [0xC1, 0],
            "empty topic without alias" => Packets.Publish(version, "", "x"),
            "topic with bad UTF-8" => Body().Binary(s_badUtf8).Raw(none).Raw("x"u8).ToPacket(0x30),
            "topic with NUL" => Packets.Publish(version, "a\0b", "x"),
            "topic with +" => Packets.Publish(version, "a/+", "x"),
            "topic with #" => Packets.Publish(version, "#", "x"),
            "no filters" => Packets.Subscribe(version, 1, null),
            "empty filter" => Packets.Subscribe(version, 1, null, ("", 0)),
            "filter with bad UTF-8" => Body().Short(1).Raw(none).Binary(s_badUtf8).Byte(0).ToPacket(0x82),
            "no filters to unsubscribe" => Packets.Unsubscribe(version, 1),
            "subscribe QoS 3" => Packets.Subscribe(version, 1, null, ("t", 3)),
            "packet type 0" => [0x00, 0],
            "packet type 15" => [0xF0, 0],
            "short publish" => [0x30, 3, 0, 9, (byte)'t'],
            "short subscribe" => [0x82, 5, 0, 1, 0, 0, 9],
            "short puback" => [0x40, 1, 0],
            "empty publish" => [0x30, 0],
            "remaining length of five bytes" => [0x30, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
            "connack" => [0x20, 3, 0, 0, 0],
            "suback" => Body().Short(1).Raw(none).Byte(0).ToPacket(0x90),
            _ => throw new ArgumentException(name),
        };
    }

    [Theory]
    [InlineData("publish QoS 3", 0x9B, 0x81)]
    [InlineData("empty topic without alias", 0x82, 0x82)]
    [InlineData("topic with bad UTF-8", 0x90, 0x81), InlineData("topic with NUL", 0x90, 0x81)]
    [InlineData("topic with +", 0x90, 0x90), InlineData("topic with #", 0x90, 0x90)]
    [InlineData("no filters", 0x8F, 0x8F), InlineData("empty filter", 0x8F, 0x8F), InlineData("filter with bad UTF-8", 0x8F, 0x8F)]
    [InlineData("no filters to unsubscribe", 0x8F, 0x8F)]
    [InlineData("subscribe QoS 3", 0x81, 0x81), InlineData("packet type 0", 0x81, 0x81), InlineData("packet type 15", 0x81, 0x81)]
    [InlineData("short publish", 0x81, 0x81), InlineData("short subscribe", 0x81, 0x81), InlineData("short puback", 0x81, 0x81)]
    [InlineData("empty publish", 0x81, 0x81)]
    [InlineData("remaining length of five bytes", 0x95, 0x95)]
    [InlineData("connack", 0x82, 0x82), InlineData("suback", 0x82, 0x82)]
    public async Task A_wrong_packet_ends_the_connection(string name, byte lenient, byte strict)
    {
        foreach (var version in new byte[] { 5, 4 })
        {
            await RefusedAsync(brokers.Lenient, version, name, lenient);
            await RefusedAsync(brokers.Strict, version, name, strict);
        }
    }

    [Theory]
    [InlineData("publish QoS 1 id 0", PacketType.Puback), InlineData("dup with QoS 0", null), InlineData("subscribe flags", PacketType.Suback)]
    [InlineData("subscribe id 0", PacketType.Suback), InlineData("pubrel flags", PacketType.Pubcomp), InlineData("pingreq flags", PacketType.Pingresp)]
    public async Task A_slightly_wrong_packet_is_refused_in_strict_mode_only(string name, PacketType? answer)
    {
        foreach (var version in new byte[] { 5, 4 })
        {
            await using var client = await brokers.Lenient.ConnectAsync(version);
            await client.SendAsync(Packet(name, version));
            if (answer is { } type)
                await client.ExpectAsync(type);
            await client.ExpectNothingAsync();
            await RefusedAsync(brokers.Strict, version, name, ReasonCode.MalformedPacket);
        }
    }

    [Theory]
    [InlineData(PacketType.Puback, 0), InlineData(PacketType.Pubcomp, 0)]
    public async Task An_acknowledgement_of_an_unknown_id_is_ignored(PacketType type, byte reason)
    {
        foreach (var version in new byte[] { 5, 4 })
        {
            await using var client = await brokers.Lenient.ConnectAsync(version);
            await client.SendAsync(version == 5 ? Packets.Ack(type, 77, reason) : Packets.Ack(type, 77));
            await client.ExpectNothingAsync();
        }
    }

    [Theory]
    [InlineData(PacketType.Pubrec, PacketType.Pubrel), InlineData(PacketType.Pubrel, PacketType.Pubcomp)]
    public async Task A_step_of_QoS_2_with_an_unknown_id_is_answered(PacketType type, PacketType answer)
    {
        foreach (var one in new[] { brokers.Lenient, brokers.Strict })
        {
            await using var client = await one.ConnectAsync();
            await client.SendAsync(Packets.Ack(type, 77));
            var packet = await client.ExpectAsync(answer);
            Assert.Equal((77, ReasonCode.PacketIdNotFound), (packet.PacketId, packet.ReasonCode));
            await using var old = await one.ConnectAsync(4);
            await old.SendAsync(Packets.Ack(type, 77));
            Assert.Equal(new byte[] { 0, 77 }, (await old.ExpectAsync(answer)).Body);
        }
    }

    [Theory]
    [InlineData(Property.SessionExpiryInterval), InlineData(Property.ServerKeepAlive), InlineData(Property.ReceiveMaximum), InlineData(Property.WillDelayInterval)]
    public async Task A_property_of_another_packet_is_refused(Property property)
    {
        await using var client = await brokers.Lenient.ConnectAsync();
        await client.SendAsync(Packets.Publish(5, "t", "x", properties: new PropertyList { { property, 1 } }));
        var packet = await client.ExpectAsync(PacketType.Disconnect);
        Assert.True(packet.ReasonCode is 0x81 or 0x82, $"0x{packet.ReasonCode:X2}");
        await client.ExpectClosedAsync();
    }

    [Theory, InlineData("unknown property"), InlineData("length behind the end"), InlineData("value cut off")]
    public async Task Broken_properties_are_malformed(string name)
    {
        byte[] properties = name switch
        {
            "unknown property" => [2, 0x7F, 1],
            "length behind the end" => [100, 0x01, 1],
            _ => [3, 0x02, 0, 0],
        };
        await using var client = await brokers.Lenient.ConnectAsync();
        await client.SendAsync(new PacketWriter().Text("t").Raw(properties).ToPacket(0x30));
        await client.ExpectRefusedAsync(ReasonCode.MalformedPacket);
    }

    private static async Task RefusedAsync(TestBroker broker, byte version, string name, byte reason)
    {
        await using var client = await broker.ConnectAsync(version);
        await client.SendAsync(Packet(name, version));
        try
        {
            await client.ExpectRefusedAsync(reason);
        }
        catch (ExpectationException error)
        {
            Assert.Fail($"version {version}, strict {broker.Get<SettingsRoot<ZoneSettings>>().Current.Mqtt.StrictMode}: {error.Message}");
        }
    }
}
