using Emqx.Broker.Settings;
using Emqx.TestKit;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Mqtt;

/// <summary>CONNECT packets that are wrong, with strict mode off and on (contract: restart_and_transports, 4).</summary>
public sealed class MalformedConnectTests(MalformedConnectTests.Brokers brokers) : IClassFixture<MalformedConnectTests.Brokers>
{
    /// <summary>A lenient and a strict broker.</summary>
    public sealed class Brokers : IAsyncLifetime
    {
        internal TestBroker Lenient = null!, Strict = null!;

        public async ValueTask InitializeAsync()
        {
            Lenient = await TestBroker.StartAsync();
            Strict = await TestBroker.StartAsync(new MqttSettings { StrictMode = true });
        }

        public async ValueTask DisposeAsync()
        {
            await Lenient.DisposeAsync();
            await Strict.DisposeAsync();
        }
    }

    private const byte Will = 0x04, WillRetain = 0x20, Password = 0x40, Username = 0x80;

    private static byte[] Connect(byte version, int flags, Action<PacketWriter> payload, byte first = 0x10)
    {
        var body = new PacketWriter().Text("MQTT").Byte(version).Byte((byte)(flags | 2)).Short(60);
        if (version == 5)
            body.Byte(0);
        payload(body);
        return body.ToPacket(first);
    }

    private static byte[] Case(string name, byte version)
    {
        var id = Unique.Name("c");
        void Properties(PacketWriter body)
        {
            if (version == 5)
                body.Byte(0);
        }

        byte[] WithWill(int flags, string topic) => Connect(version, Will | flags, body =>
        {
            body.Text(id);
            Properties(body);
            body.Text(topic).Text("payload");
        });
        return name switch
        {
            "reserved flag" => Connect(version, 1, body => body.Text(id)),
            "will QoS 3" => WithWill(0x18, "t"),
            "will retain without will" => Connect(version, WillRetain, body => body.Text(id)),
            "will QoS without will" => Connect(version, 0x08, body => body.Text(id)),
            "trailing bytes" => Connect(version, 0, body => body.Text(id).Byte(1)),
            "missing id" => Connect(version, 0, _ => { }),
            "missing user name" => Connect(version, Username, body => body.Text(id)),
            "id with bad UTF-8" => Connect(version, 0, body => body.Binary([0x61, 0xC3, 0x28, .. Guid.NewGuid().ToByteArray().Select(b => (byte)('a' + b % 26))])),
            "id with NUL" => Connect(version, 0, body => body.Text(id + "\0")),
            "user name with bad UTF-8" => Connect(version, Username, body => body.Text(id).Binary([0xFF, 0xFE])),
            "user name with NUL" => Connect(version, Username, body => body.Text(id).Text("a\0b")),
            "flag bits in the first byte" => Connect(version, 0, body => body.Text(id), 0x13),
            "password without user name" => Connect(version, Password, body => body.Text(id).Text("secret")),
            "empty will topic" => WithWill(0, ""),
            "will topic with wildcard" => WithWill(0, "a/#"),
            _ => throw new ArgumentException(name),
        };
    }

    [Theory]
    [InlineData("reserved flag"), InlineData("will QoS 3"), InlineData("will retain without will"), InlineData("will QoS without will")]
    [InlineData("trailing bytes"), InlineData("missing id"), InlineData("missing user name")]
    public async Task A_broken_connect_gets_packet_too_large_or_is_dropped(string name)
    {
        foreach (var one in new[] { brokers.Lenient, brokers.Strict })
        {
            await RefusedAsync(one, 5, name, 0x95);
            await RefusedAsync(one, 4, name, null);
        }
    }

    [Theory]
    [InlineData("id with bad UTF-8"), InlineData("id with NUL"), InlineData("user name with bad UTF-8"), InlineData("user name with NUL")]
    public async Task Bad_text_is_refused_in_strict_mode_only(string name)
    {
        await AcceptedAsync(brokers.Lenient, 5, name);
        await AcceptedAsync(brokers.Lenient, 4, name);
        await RefusedAsync(brokers.Strict, 5, name, 0x95);
        await RefusedAsync(brokers.Strict, 4, name, null);
    }

    [Fact]
    public async Task Flag_bits_are_refused_in_strict_mode_only()
    {
        const string name = "flag bits in the first byte";
        await AcceptedAsync(brokers.Lenient, 5, name);
        await AcceptedAsync(brokers.Lenient, 4, name);
        await RefusedAsync(brokers.Strict, 5, name, null);
        await RefusedAsync(brokers.Strict, 4, name, null);
    }

    [Fact]
    public async Task A_password_alone_is_refused_only_in_strict_mode_of_version_4()
    {
        const string name = "password without user name";
        await AcceptedAsync(brokers.Lenient, 5, name);
        await AcceptedAsync(brokers.Lenient, 4, name);
        await AcceptedAsync(brokers.Strict, 5, name);
        await RefusedAsync(brokers.Strict, 4, name, null);
    }

    [Theory, InlineData("empty will topic"), InlineData("will topic with wildcard")]
    public async Task A_wrong_will_topic_has_its_code(string name)
    {
        foreach (var one in new[] { brokers.Lenient, brokers.Strict })
        {
            await RefusedAsync(one, 5, name, 0x90);
            await RefusedAsync(one, 4, name, 3);
        }
    }

    [Theory]
    [InlineData(Property.ReceiveMaximum, 0), InlineData(Property.MaximumPacketSize, 0), InlineData(Property.RequestProblemInformation, 2)]
    [InlineData(Property.RequestResponseInformation, 2)]
    public async Task A_property_out_of_range_is_refused(Property property, uint value)
    {
        await using var client = await brokers.Lenient.OpenAsync();
        var connack = await client.ConnectAsync(new ConnectOptions { Properties = { { property, value } } });
        Assert.True(connack.ReasonCode >= 0x80, $"{property} {value}: 0x{connack.ReasonCode:X2}");
        await client.ExpectClosedAsync();
    }

    private static async Task AcceptedAsync(TestBroker broker, byte version, string name)
    {
        await using var client = await broker.OpenAsync(version);
        await client.SendAsync(Case(name, version));
        Assert.Equal(0, (await client.ExpectAsync(PacketType.Connack)).ReasonCode);
    }

    private static async Task RefusedAsync(TestBroker broker, byte version, string name, int? code)
    {
        await using var client = await broker.OpenAsync(version);
        await client.SendAsync(Case(name, version));
        if (code is { } expected)
            Assert.Equal(expected, (await client.ExpectAsync(PacketType.Connack)).ReasonCode);
        await client.ExpectClosedAsync();
    }
}
