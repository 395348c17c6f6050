using System.Text;
using System.Text.Json;
using Emqx.Broker.Clients;
using Emqx.Mgmt.Api.Clients;
using Emqx.Mgmt.Api.Json;
using Emqx.TestKit.Clients;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Clients;

/// <summary>Clients are written as the table of their fields says, and times come out right in every zone.</summary>
public sealed class ClientJsonWriterTests
{
    private static JsonElement Write(Action<RowBuffer> write, TimeZoneInfo? zone = null)
    {
        using var json = new RowBuffer(16, new RowTime(zone ?? TimeZoneInfo.Utc));
        write(json);
        using var document = JsonDocument.Parse(json.Memory);
        return document.RootElement.Clone();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Each_field_is_the_same_alone_and_among_all(bool isConnected)
    {
        var client = new FakeClient("c", "u") { IsConnected = isConnected, DisconnectedAt = 5 };
        var counter = 1234;
        foreach (var field in client.Counters.GetType().GetFields())
            field.SetValue(client.Counters, (long)counter++);
        var row = new ClientRow("n", client);
        var whole = Write(json => ClientJsonWriter.Write(json, row, ClientColumns.All));
        foreach (var field in ClientFields.All.Where(field => field.IsSelectable))
        {
            var alone = Write(json => ClientJsonWriter.Write(json, row, ClientColumns.Parse(field.Name, out _)!)).EnumerateObject();
            Assert.Equal(whole.TryGetProperty(field.Name, out var value) ? [$"{field.Name}: {value}"] : [], alone.Select(one => $"{one.Name}: {one.Value}"));
        }
    }

    [Fact]
    public void A_client_is_written_to_the_byte()
    {
        var row = new ClientRow("n", new FakeClient("c", "u") { IsConnected = false, DisconnectedAt = 1_700_000_000_001 });
        using var json = new RowBuffer(16, new RowTime(TimeZoneInfo.Utc));
        ClientJsonWriter.Write(json, row, ClientColumns.All);
        Assert.Equal(
            """
            {"clientid":"c","username":"u","connected":false,"connected_at":"2023-11-14T22:13:20.000+00:00","created_at":"2023-11-14T22:13:20.000+00:00",
            "disconnected_at":"2023-11-14T22:13:20.001+00:00","disconn_props":{},"port":50000,"node":"n","ip_address":"127.0.0.1","peersni":null,
            "proto_name":"MQTT","proto_ver":5,"keepalive":60,"clean_start":true,"expiry_interval":0,"is_persistent":false,"is_expired":false,"durable":false,
            "is_bridge":false,"enable_authn":true,"listener":"tcp:default","mountpoint":null,"client_attrs":{},"auth_expire_at":null,"subscriptions_cnt":1,
            "subscriptions_max":"infinity","inflight_cnt":0,"inflight_max":32,"mqueue_len":0,"mqueue_max":1000,"mqueue_dropped":0,"awaiting_rel_cnt":0,
            "awaiting_rel_max":100,"recv_cnt":0,"recv_oct":0,"recv_pkt":0,"recv_msg":0,"recv_msg.qos0":0,"recv_msg.qos1":0,"recv_msg.qos2":0,
            "recv_msg.dropped":0,"recv_msg.dropped.await_pubrel_timeout":0,"send_cnt":0,"send_oct":0,"send_pkt":0,"send_msg":0,"send_msg.qos0":0,
            "send_msg.qos1":0,"send_msg.qos2":0,"send_msg.dropped":0,"send_msg.dropped.expired":0,"send_msg.dropped.queue_full":0,
            "send_msg.dropped.too_large":0,"mailbox_len":0,"heap_size":2586,"reductions":3115}
            """.ReplaceLineEndings(""), Encoding.UTF8.GetString(json.Span));
    }

    [Theory]
    [InlineData("port, username,node", """{"username":"u","node":"n","port":50000}""")]
    [InlineData("reductions,heap_size,mailbox_len,durable,is_expired", """{"is_expired":false,"durable":false,"mailbox_len":0,"heap_size":2586,"reductions":3115}""")]
    [InlineData("seqno_q1_dup,disconnected_at", "{}")]
    public void Fields_asked_for_are_written_in_the_order_of_the_table(string fields, string written)
    {
        using var json = new RowBuffer(16, new RowTime(TimeZoneInfo.Utc));
        ClientJsonWriter.Write(json, new ClientRow("n", new FakeClient("c", "u")), ClientColumns.Parse(fields, out _)!);
        Assert.Equal(written, Encoding.UTF8.GetString(json.Span));
    }

    [Theory]
    [InlineData(-1, 0, 0, "infinity", "infinity", "infinity")]
    [InlineData(7, 1000, 100, "7", "1000", "100")]
    public void A_limit_is_a_number_or_infinity(int subscriptions, int mqueue, int awaitingRel, params string[] shown)
    {
        var row = new ClientRow("n", new FakeClient("c") { SubscriptionMax = subscriptions, MqueueMax = mqueue, AwaitingRelMax = awaitingRel });
        var client = Write(json => ClientJsonWriter.Write(json, row, ClientColumns.All));
        Assert.Equal(shown, new[] { "subscriptions_max", "mqueue_max", "awaiting_rel_max" }.Select(field => client.GetProperty(field).ToString()));
        Assert.All(["subscriptions_max", "mqueue_max"], field => Assert.Equal(subscriptions > 0 ? JsonValueKind.Number : JsonValueKind.String, client.GetProperty(field).ValueKind));
    }

    [Fact]
    public void All_fields_are_written_once()
    {
        var row = new ClientRow("n", new FakeClient("c") { IsConnected = false });
        var written = Write(json => ClientJsonWriter.Write(json, row, ClientColumns.All)).EnumerateObject().Select(field => field.Name);
        Assert.Equal(ClientFields.All.Select(field => field.Name).Order(StringComparer.Ordinal), written.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("UTC", 0)]
    [InlineData("+05:45", 345)]
    [InlineData("-03:30", -210)]
    public void Times_are_local_with_their_offset(string name, int minutes)
    {
        var zone = TimeZoneInfo.CreateCustomTimeZone(name, TimeSpan.FromMinutes(minutes), name, name);
        foreach (var at in new[] { 0, 1_700_000_000_000, 1_700_000_899_999, 1_700_000_900_000, 1_795_375_379_395, 951_782_399_999 })
        {
            var text = Write(json => json.Advance(json.Times.Write(at, json.GetSpan(RowTime.MaxLength))), zone).GetString();
            var expected = DateTimeOffset.FromUnixTimeMilliseconds(at).ToOffset(zone.BaseUtcOffset);
            Assert.Equal(expected.ToString("yyyy-MM-ddTHH:mm:ss.fffzzz", System.Globalization.CultureInfo.InvariantCulture), text);
        }
    }

    [Fact]
    public void Any_text_survives()
    {
        var random = new Random(3);
        for (var i = 0; i < 2000; i++)
        {
            var text = new StringBuilder();
            for (var length = random.Next(12); length > 0; length--)
                text.Append(random.Next(4) switch { 0 => (char)random.Next(0x80), 1 => (char)random.Next(0x800), 2 => (char)random.Next(0xD800), _ => 'x' });
            Assert.Equal(text.ToString(), Write(json => json.Text(text.ToString())).GetString());
        }
    }
}
