using System.Buffers;
using System.Text;
using System.Text.Json;
using Emqx.Broker.Hooks;
using Emqx.Broker.Modules.Tracing;
using Emqx.TestKit;
using Xunit;

namespace Emqx.Broker.Tests.Modules.Tracing;

/// <summary>Lines of traces: EMQX's form, and one line whatever clients send.</summary>
public sealed class TraceFormTests
{
    private static string Line(bool isJson, PayloadEncode encode, in TraceEvent told)
    {
        var buffer = new ArrayBufferWriter<byte>();
        new TraceForm(isJson, encode, new ManualClock()).Write(buffer, told);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static string Publish(bool isJson, PayloadEncode encode, byte[] payload) => Line(isJson, encode, new TraceEvent("PUBLISH", "publish_to")
    {
        ClientId = "c", Peer = "127.0.0.1:5", Fields = [new("topic", "t")], HasPayload = true, Payload = payload,
    });

    [Fact]
    public void A_text_line_has_time_tag_client_and_what_has_happened() =>
        Assert.Matches(@"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}[+-]\d\d:\d\d \[PUBLISH\] c@127\.0\.0\.1:5 msg: publish_to, payload_encode: text, topic: t, payload: x y\n$",
            Publish(isJson: false, PayloadEncode.Text, "x y"u8.ToArray()));

    [Fact]
    public void A_json_line_is_an_object()
    {
        var line = JsonDocument.Parse(Publish(isJson: true, PayloadEncode.Text, "with \"quotes\"\nand lines"u8.ToArray())).RootElement;
        Assert.Equal(["time", "level", "msg", "meta"], line.EnumerateObject().Select(field => field.Name));
        var meta = line.GetProperty("meta");
        Assert.Equal(("with \"quotes\"\nand lines", "c", "t", "PUBLISH"), (meta.GetProperty("payload").GetString(), meta.GetProperty("clientid").GetString(),
            meta.GetProperty("topic").GetString(), meta.GetProperty("trace_tag").GetString()));
    }

    [Theory]
    [InlineData("a\nb", "a\\nb")]
    [InlineData("a\r\n2026-01-01 [API] forged", "a\\r\\n2026-01-01 [API] forged")]
    [InlineData("a\u0085\u001b[2Jb", "a  [2Jb")]
    public void Nobody_makes_lines_of_his_own(string sent, string written)
    {
        var payload = Publish(isJson: false, PayloadEncode.Text, Encoding.UTF8.GetBytes(sent));
        Assert.EndsWith($"payload: {written}\n", payload, StringComparison.Ordinal);
        var told = Line(isJson: false, PayloadEncode.Text, new TraceEvent("X", "x") { ClientId = sent, HasPacket = true, Packet = new PacketText(sent) });
        Assert.Equal(1, told.Count(static c => c == '\n'));
        Assert.DoesNotContain(told[..^1], char.IsControl);
    }

    [Theory]
    [InlineData("text", "PUBLISH(Q0, Payload(text)=abc)")]
    [InlineData("hex", "PUBLISH(Q0, Payload(hex)=616263)")]
    [InlineData("hidden", "PUBLISH(Q0, Payload(hidden)=******)")]
    public void The_payload_of_a_packet_is_written_as_the_trace_wants(string encode, string expected)
    {
        Assert.True(TraceWords.TryParse<PayloadEncode>(encode, out var chosen));
        var line = Line(isJson: false, chosen, new TraceEvent("MQTT", "mqtt_packet_received") { HasPacket = true, Packet = new PacketText("PUBLISH(Q0, ", "abc"u8, ")") });
        Assert.EndsWith($"msg: mqtt_packet_received, packet: {expected}\n", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_that_is_no_text_is_none_in_json()
    {
        var line = Line(isJson: true, PayloadEncode.Text, new TraceEvent("SUBSCRIBE", "subscribe") { Fields = [new("sub_opts", "[qos: 1]", """{"qos":1}""")] });
        Assert.Equal(1, JsonDocument.Parse(line).RootElement.GetProperty("meta").GetProperty("sub_opts").GetProperty("qos").GetInt32());
    }
}
