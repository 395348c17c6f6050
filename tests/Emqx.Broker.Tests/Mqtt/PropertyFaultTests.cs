using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Mqtt;

/// <summary>Properties that are doubled, out of place or out of range: the standard's code for each (MQTT 5, 2.2.2.2 and the packets' own sections).</summary>
public sealed class PropertyFaultTests(SharedBroker broker)
{
    private readonly string _topic = Unique.Topic();

    public static TheoryData<string, byte> Connects => new()
    {
        { "receive maximum 0", 0x82 }, { "maximum packet size 0", 0x82 }, { "request problem information 2", 0x82 }, { "request response information 2", 0x82 },
        { "session expiry twice", 0x82 }, { "receive maximum twice", 0x82 }, { "method twice", 0x82 }, { "data without method", 0x82 },
        { "topic alias", 0x81 }, { "will delay", 0x81 }, { "server keep alive", 0x81 }, { "reason string", 0x81 },
        { "unknown", 0x95 }, { "cut off", 0x95 },
    };

    private static byte[] ListOf(string name) => name switch
    {
        "receive maximum 0" => [3, 0x21, 0, 0],
        "maximum packet size 0" => [5, 0x27, 0, 0, 0, 0],
        "request problem information 2" => [2, 0x17, 2],
        "request response information 2" => [2, 0x19, 2],
        "session expiry twice" => [10, 0x11, 0, 0, 0, 1, 0x11, 0, 0, 0, 1],
        "receive maximum twice" => [6, 0x21, 0, 1, 0x21, 0, 1],
        "method twice" => [8, 0x15, 0, 1, 97, 0x15, 0, 1, 97],
        "data without method" => [4, 0x16, 0, 1, 97],
        "topic alias" => [3, 0x23, 0, 1],
        "will delay" => [5, 0x18, 0, 0, 0, 1],
        "server keep alive" => [3, 0x13, 0, 1],
        "reason string" => [4, 0x1F, 0, 1, 97],
        "unknown" => [2, 0x7F, 1],
        "cut off" => [2, 0x21, 0],
        _ => throw new ArgumentException(name),
    };

    [Theory, MemberData(nameof(Connects))]
    public async Task A_connect_with_wrong_properties_is_refused_with_its_code(string name, byte code)
    {
        await using var client = await broker.OpenAsync();
        var body = new PacketWriter().Text("MQTT").Byte(5).Byte(2).Short(60).Raw(ListOf(name)).Text(Unique.Name("p"));
        await client.SendAsync(body.ToPacket(PacketType.Connect));
        Assert.Equal(code, (await client.ExpectAsync(PacketType.Connack)).ReasonCode);
        await client.ExpectClosedAsync();
    }

    [Theory, InlineData(new byte[] { 10, 0x18, 0, 0, 0, 1, 0x18, 0, 0, 0, 1 }, 0x82), InlineData(new byte[] { 3, 0x21, 0, 1 }, 0x81), InlineData(new byte[] { 2, 1, 5 }, 0x81)]
    public async Task A_will_with_wrong_properties_is_refused_with_its_code(byte[] properties, byte code)
    {
        await using var client = await broker.OpenAsync();
        var body = new PacketWriter().Text("MQTT").Byte(5).Byte(6).Short(60).Byte(0).Text(Unique.Name("p")).Raw(properties).Text("w").Text("x");
        await client.SendAsync(body.ToPacket(PacketType.Connect));
        Assert.Equal(code, (await client.ExpectAsync(PacketType.Connack)).ReasonCode);
    }

    [Theory]
    [InlineData("a/+"), InlineData("a/#"), InlineData("#"), InlineData("+"), InlineData("")]
    public async Task A_response_topic_that_is_no_topic_name_is_a_protocol_error_and_nothing_is_forwarded(string responseTopic)
    {
        await using var watcher = await broker.ConnectAsync();
        await watcher.SubscribeAsync(_topic);
        for (var qos = 0; qos <= 2; qos++)
        {
            await using var client = await broker.ConnectAsync();
            await client.SendAsync(Packets.Publish(5, _topic, "x", qos, qos, properties: new PropertyList { { Property.ResponseTopic, responseTopic } }));
            await client.ExpectRefusedAsync(ReasonCode.ProtocolError);
        }

        await using var aliased = await broker.ConnectAsync();
        await aliased.SendAsync(Packets.Publish(5, _topic, "y", properties: new PropertyList { { Property.TopicAlias, 1 } }));
        await watcher.ExpectMessageAsync();
        await aliased.SendAsync(Packets.Publish(5, "", "x", properties: new PropertyList { { Property.TopicAlias, 1 }, { Property.ResponseTopic, responseTopic } }));
        await aliased.ExpectRefusedAsync(ReasonCode.ProtocolError);
        await watcher.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(new byte[] { 4, 1, 1, 1, 1 }, 0x82), InlineData(new byte[] { 6, 0x23, 0, 1, 0x23, 0, 1 }, 0x82), InlineData(new byte[] { 2, 0x0B, 1 }, 0x82)]
    [InlineData(new byte[] { 8, 3, 0, 1, 97, 3, 0, 1, 97 }, 0x82), InlineData(new byte[] { 8, 8, 0, 1, 97, 8, 0, 1, 97 }, 0x82)]
    [InlineData(new byte[] { 2, 1, 5 }, 0x81), InlineData(new byte[] { 5, 0x11, 0, 0, 0, 1 }, 0x81), InlineData(new byte[] { 2, 0x24, 1 }, 0x81)]
    public async Task A_publish_with_wrong_properties_ends_the_connection_with_its_code(byte[] properties, byte code)
    {
        await using var client = await broker.ConnectAsync();
        await client.SendAsync(new PacketWriter().Text(_topic).Raw(properties).ToPacket(0x30));
        await client.ExpectRefusedAsync(code);
    }

    [Theory]
    [InlineData(0x82, new byte[] { 4, 0x0B, 1, 0x0B, 1 }, 0x82), InlineData(0x82, new byte[] { 2, 0x0B, 0 }, 0xA1), InlineData(0x82, new byte[] { 2, 1, 1 }, 0x81)]
    [InlineData(0xA2, new byte[] { 2, 0x0B, 1 }, 0x81), InlineData(0xA2, new byte[] { 3, 0x21, 0, 1 }, 0x81)]
    public async Task A_subscribe_or_unsubscribe_with_wrong_properties_ends_the_connection_with_its_code(byte first, byte[] properties, byte code)
    {
        await using var client = await broker.ConnectAsync();
        var body = new PacketWriter().Short(1).Raw(properties).Text(_topic);
        await client.SendAsync((first == 0x82 ? body.Byte(0) : body).ToPacket(first));
        await client.ExpectRefusedAsync(code);
    }

    [Theory, InlineData(0x40), InlineData(0x50), InlineData(0x62), InlineData(0x70), InlineData(0xE0)]
    public async Task A_reason_string_stands_once_in_an_acknowledgement_or_a_disconnect(byte first)
    {
        await using var client = await broker.ConnectAsync();
        var body = first == 0xE0 ? new PacketWriter() : new PacketWriter().Short(1);
        await client.SendAsync(body.Byte(0).Raw([8, 0x1F, 0, 1, 97, 0x1F, 0, 1, 97]).ToPacket(first));
        await client.ExpectRefusedAsync(ReasonCode.ProtocolError);
        await using var other = await broker.ConnectAsync();
        body = first == 0xE0 ? new PacketWriter() : new PacketWriter().Short(1);
        await other.SendAsync(body.Byte(0).Raw([3, 0x21, 0, 1]).ToPacket(first));
        await other.ExpectRefusedAsync(ReasonCode.MalformedPacket);
    }
}
