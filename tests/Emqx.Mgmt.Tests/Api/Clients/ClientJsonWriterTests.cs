using System.Text;
using System.Text.Json;
using Emqx.Broker.Clients;
using Emqx.Mgmt.Api.Clients;
using Emqx.Mgmt.Api.Json;
using Emqx.TestKit.Clients;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Clients;

/// <summary>Both ways of writing a client agree, and times come out right in every zone.</summary>
public sealed class ClientJsonWriterTests
{
    private static JsonElement Write(Action<RowBuffer> write, TimeZoneInfo? zone = null)
    {
        using var json = new RowBuffer(16, new RowTime(zone ?? TimeZoneInfo.Utc));
        write(json);
        using var document = JsonDocument.Parse(json.Written);
        return document.RootElement.Clone();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void All_fields_are_the_same_field_by_field(bool isConnected)
    {
        var client = new FakeClient("c", "u") { IsConnected = isConnected, DisconnectedAt = 5 };
        var counter = 1234;
        foreach (var field in client.Counters.GetType().GetFields())
            field.SetValue(client.Counters, (long)counter++);
        var row = new ClientRow("n", client);
        var whole = Write(json => ClientJsonWriter.Write(json, row, ClientColumns.All));
        Assert.True(JsonElement.DeepEquals(whole, Write(json => ClientJsonWriter.WriteColumns(json, row, ClientColumns.All))));
    }

    [Theory]
    [InlineData(-1, 0, 0, "infinity", "infinity", "infinity")]
    [InlineData(7, 1000, 100, "7", "1000", "100")]
    public void A_limit_is_a_number_or_infinity(int subscriptions, int mqueue, int awaitingRel, params string[] shown)
    {
        var row = new ClientRow("n", new FakeClient("c") { SubscriptionMax = subscriptions, MqueueMax = mqueue, AwaitingRelMax = awaitingRel });
        foreach (var client in new[] { Write(json => ClientJsonWriter.Write(json, row, ClientColumns.All)), Write(json => ClientJsonWriter.WriteColumns(json, row, ClientColumns.All)) })
        {
            Assert.Equal(shown, new[] { "subscriptions_max", "mqueue_max", "awaiting_rel_max" }.Select(field => client.GetProperty(field).ToString()));
            Assert.All(["subscriptions_max", "mqueue_max"], field => Assert.Equal(subscriptions > 0 ? JsonValueKind.Number : JsonValueKind.String, client.GetProperty(field).ValueKind));
        }
    }

    [Fact]
    public void The_description_has_the_fields_that_are_written()
    {
        var row = new ClientRow("n", new FakeClient("c") { IsConnected = false });
        var written = Write(json => ClientJsonWriter.Write(json, row, ClientColumns.All)).EnumerateObject().Select(field => field.Name);
        var described = typeof(ClientResponse).GetProperties()
            .Select(property => property.GetCustomAttributes(typeof(System.Text.Json.Serialization.JsonPropertyNameAttribute), false))
            .Where(names => names.Length == 1)
            .Select(names => ((System.Text.Json.Serialization.JsonPropertyNameAttribute)names[0]).Name);
        Assert.Equal(written.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
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
            var text = Write(json => json.Time(at), zone).GetString();
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
