using System.Text;
using Emqx.Broker.Hooks;
using Emqx.Broker.Mqtt.Codec;
using Emqx.TestKit.Mqtt;
using Xunit;

namespace Emqx.Broker.Tests.Mqtt;

/// <summary>Packets as text, whatever their bytes are.</summary>
public sealed class PacketFormatTests
{
    private static string Text(in PacketText packet) => packet.Before + Encoding.UTF8.GetString(packet.Payload) + packet.After;

    private static string Text(byte[] packet, bool v5 = true) => Text(PacketFormat.Of(packet, v5));

    [Theory]
    [InlineData(0, "PUBLISH(Q0, R1, D0, Topic=a/b, PacketId=undefined, x)")]
    [InlineData(2, "PUBLISH(Q2, R1, D0, Topic=a/b, PacketId=300, x)")]
    public void A_message_shows_its_head_and_leaves_its_payload_to_others(int qos, string expected)
    {
        foreach (byte version in (byte[])[4, 5])
            Assert.Equal(expected, Text(Packets.Publish(version, "a/b", "x", qos, qos == 0 ? 0 : 300, retain: true), version == 5));
    }

    [Fact]
    public void A_will_is_shown_and_a_password_never_is()
    {
        var options = new ConnectOptions
        {
            ClientId = "c", Password = "secret"u8.ToArray(), Username = "u", Will = new Will("w", "gone"u8.ToArray()) { Qos = 1, Retain = true },
        };
        Assert.Equal("CONNECT(Q0, R0, D0, ClientId=c, ProtoName=MQTT, ProtoVsn=5, CleanStart=true, KeepAlive=60, Username=u, Password=******, Will(Q1, R1, Topic=w gone))",
            Text(options.ToPacket()));
    }

    [Fact]
    public void No_bytes_make_it_fail_and_no_packet_makes_much_of_it()
    {
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var packet = new byte[1 + random.Next(60)];
            random.NextBytes(packet);
            Assert.InRange(Text(packet, i % 2 == 0).Length, 1, 2000);
        }

        Assert.InRange(Text(Packets.Subscribe(5, 1, null, [.. Enumerable.Range(0, 5000).Select(i => ($"filter/{i}", (byte)0))])).Length, 1000, 10_000);
        Assert.InRange(Text((byte[])[0x90, 0xFF, 0xFF, 0x03, 0, 1, 0, .. new byte[60_000]]).Length, 1000, 10_000);
    }
}
