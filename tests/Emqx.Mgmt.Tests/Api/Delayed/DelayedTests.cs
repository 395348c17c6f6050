using System.Net;
using System.Text.Json;
using Emqx.Mgmt.Tests.Api.Nodes;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Delayed;

/// <summary>Delayed publishing as the API sets it, and the waiting messages that it lists, shows and deletes.</summary>
public sealed class DelayedTests
{
    private const string Path = "/mqtt/delayed";
    private const string Messages = "/mqtt/delayed/messages";
    private const string NoId = "00000000000000000000000000000000";

    [Fact]
    public async Task Settings_are_merged()
    {
        await using var api = await NodeApi.StartAsync();
        Assert.Equal("""{"enable":true,"max_delayed_messages":0}""", (await api.GetAsync(Path)).GetRawText());
        Assert.Equal((HttpStatusCode.OK, """{"enable":false,"max_delayed_messages":10}"""), await api.SendAsync(HttpMethod.Put, Path, """{"enable":false,"max_delayed_messages":10}"""));
        Assert.Equal((HttpStatusCode.OK, """{"enable":true,"max_delayed_messages":10}"""), await api.SendAsync(HttpMethod.Put, Path, """{"enable":true}"""));
        Assert.Equal((HttpStatusCode.OK, """{"enable":true,"max_delayed_messages":10}"""), await api.SendAsync(HttpMethod.Put, Path, "{}"));
    }

    [Theory]
    [InlineData("""{"max_delayed_messages":-5}""", "Max delayed must be equal or greater than 0")]
    [InlineData("""{"enable":"x"}""", "Unable to parse boolean value")]
    [InlineData("""{"max_delayed_messages":"x"}""", "Unable to parse integer value")]
    [InlineData("""{"max_delayed_messages":1.5}""", "Unable to parse integer value")]
    [InlineData("""{"nothing":1}""", "unknown_fields")]
    [InlineData("[]", "bad_value_for_struct")]
    public async Task Wrong_settings_are_refused_and_change_nothing(string json, string why)
    {
        await using var api = await NodeApi.StartAsync();
        Assert.Contains(why, await api.FailsAsync(HttpMethod.Put, Path, 400, "BAD_REQUEST", json), StringComparison.Ordinal);
        Assert.Equal("""{"enable":true,"max_delayed_messages":0}""", (await api.GetAsync(Path)).GetRawText());
    }

    [Fact]
    public async Task A_waiting_message_is_listed_without_its_payload_and_shown_with_it()
    {
        await using var api = await NodeApi.StartAsync();
        await SendAsync(api, "$delayed/100/d/a", "\u0001hello");
        api.Time.Advance(TimeSpan.FromMilliseconds(400));
        var page = await api.GetAsync(Messages);
        Assert.Equal("""{"page":1,"limit":100,"count":1,"hasnext":false}""", page.GetProperty("meta").GetRawText());
        var row = page.GetProperty("data")[0];
        var id = row.GetProperty("msgid").GetString()!;
        Assert.Matches("^[0-9A-F]{32}$", id);
        Assert.Equal(Expected(id, ""), row.GetRawText());
        var one = await api.GetAsync($"{Messages}/emqx%40127.0.0.1/{id.ToLowerInvariant()}");
        Assert.Equal(Expected(id, "\"payload\":\"AWhlbGxv\","), one.GetRawText());
    }

    [Fact]
    public async Task The_last_one_due_is_the_first_of_the_list()
    {
        await using var api = await NodeApi.StartAsync();
        foreach (var seconds in (int[])[20, 10, 30])
            await SendAsync(api, $"$delayed/{seconds}/t{seconds}");
        var page = await api.GetAsync(Messages + "?limit=2");
        Assert.Equal(["t30", "t20"], Topics(page));
        Assert.True(page.GetProperty("meta").GetProperty("hasnext").GetBoolean());
        page = await api.GetAsync(Messages + "?limit=2&page=2");
        Assert.Equal(["t10"], Topics(page));
        Assert.False(page.GetProperty("meta").GetProperty("hasnext").GetBoolean());
        Assert.Empty(Topics(await api.GetAsync(Messages + "?limit=10000&page=999999999999")));
    }

    [Theory]
    [InlineData(2048, 2732)]
    [InlineData(2049, -1)]
    public async Task A_payload_above_2048_bytes_is_not_shown(int size, int shown)
    {
        await using var api = await NodeApi.StartAsync();
        await SendAsync(api, "$delayed/100/a", new string('x', size));
        var payload = (await api.GetAsync($"{Messages}/{NodeApi.Node}/{await IdAsync(api)}")).GetProperty("payload").GetString()!;
        Assert.Equal(shown < 0 ? "PAYLOAD_TOO_LARGE".Length : shown, payload.Length);
    }

    [Fact]
    public async Task A_message_is_deleted_by_its_id()
    {
        await using var api = await NodeApi.StartAsync();
        await SendAsync(api, "$delayed/100/a");
        var path = $"{Messages}/{NodeApi.Node}/{await IdAsync(api)}";
        Assert.Equal((HttpStatusCode.NoContent, ""), await api.SendAsync(HttpMethod.Delete, path));
        await api.FailsAsync(HttpMethod.Delete, path, 404, "MESSAGE_ID_NOT_FOUND");
        await api.FailsAsync(HttpMethod.Get, path, 404, "MESSAGE_ID_NOT_FOUND");
        Assert.Empty(Topics(await api.GetAsync(Messages)));
    }

    [Fact]
    public async Task Messages_are_deleted_by_their_topic()
    {
        await using var api = await NodeApi.StartAsync();
        foreach (var topic in (string[])["d/a", "d/a", "d/b"])
            await SendAsync(api, "$delayed/100/" + topic);
        Assert.Equal((HttpStatusCode.NoContent, ""), await api.SendAsync(HttpMethod.Delete, Messages + "/d%2Fa"));
        Assert.Equal(["d/b"], Topics(await api.GetAsync(Messages)));
        await api.FailsAsync(HttpMethod.Delete, Messages + "/d%2Fa", 404, "MESSAGE_NOT_FOUND");
    }

    [Theory]
    [InlineData("GET", "/nowhere@127.0.0.1/" + NoId, 400, "INVALID_NODE")]
    [InlineData("DELETE", "/nowhere@127.0.0.1/" + NoId, 400, "INVALID_NODE")]
    [InlineData("GET", "/emqx@127.0.0.1/" + NoId, 404, "MESSAGE_ID_NOT_FOUND")]
    [InlineData("GET", "/emqx@127.0.0.1/xyz", 400, "MESSAGE_ID_SCHEMA_ERROR")]
    [InlineData("DELETE", "/emqx@127.0.0.1/xyz", 400, "MESSAGE_ID_SCHEMA_ERROR")]
    [InlineData("GET", "/emqx@127.0.0.1/+0000000000000000000000000000000", 400, "MESSAGE_ID_SCHEMA_ERROR")]
    [InlineData("DELETE", "/t%2F%23", 400, "INVALID_TOPIC_NAME")]
    [InlineData("DELETE", "/t%2F%2B", 400, "INVALID_TOPIC_NAME")]
    [InlineData("DELETE", "/t%2F%2Ba", 404, "MESSAGE_NOT_FOUND")]
    [InlineData("GET", "?page=0", 400, "BAD_REQUEST")]
    [InlineData("GET", "?limit=10001", 400, "BAD_REQUEST")]
    public async Task Wrong_requests_are_told(string method, string path, int status, string code)
    {
        await using var api = await NodeApi.StartAsync();
        await api.FailsAsync(new HttpMethod(method), Messages + path, status, code);
    }

    [Fact]
    public async Task Turning_it_off_deletes_what_waits()
    {
        await using var api = await NodeApi.StartAsync();
        await SendAsync(api, "$delayed/100/a");
        await api.SendAsync(HttpMethod.Put, Path, """{"enable":false}""");
        Assert.Empty(Topics(await api.GetAsync(Messages)));
        await api.SendAsync(HttpMethod.Put, Path, """{"enable":true}""");
        Assert.Empty(Topics(await api.GetAsync(Messages)));
    }

    [Fact]
    public async Task The_limit_drops_without_a_word()
    {
        await using var api = await NodeApi.StartAsync();
        await api.SendAsync(HttpMethod.Put, Path, """{"max_delayed_messages":1}""");
        await SendAsync(api, "$delayed/100/a");
        await SendAsync(api, "$delayed/100/b");
        Assert.Equal(["a"], Topics(await api.GetAsync(Messages)));
    }

    [Fact]
    public async Task Many_of_one_bulk_wait()
    {
        await using var api = await NodeApi.StartAsync();
        var bulk = string.Join(',', Enumerable.Range(0, 500).Select(i => $$"""{"topic":"$delayed/100/t{{i}}","payload":"x","qos":1}"""));
        var (status, body) = await api.SendAsync(HttpMethod.Post, "/publish/bulk", $"[{bulk}]");
        Assert.True(status == HttpStatusCode.Accepted, body);
        Assert.Equal(500, (await api.GetAsync(Messages)).GetProperty("meta").GetProperty("count").GetInt32());
    }

    private static async Task SendAsync(NodeApi api, string topic, string payload = "x")
    {
        var (status, body) = await api.SendAsync(HttpMethod.Post, "/publish", JsonSerializer.Serialize(new { topic, payload, qos = 1 }));
        Assert.True(status == HttpStatusCode.Accepted, body);
    }

    private static async Task<string> IdAsync(NodeApi api) => (await api.GetAsync(Messages)).GetProperty("data")[0].GetProperty("msgid").GetString()!;

    private static string[] Topics(JsonElement page) => [.. page.GetProperty("data").EnumerateArray().Select(row => row.GetProperty("topic").GetString()!)];

    private static string Expected(string id, string payload) => $$"""
        {"delayed_interval":100,"delayed_remaining":99,"expected_at":"2026-11-22T20:01:40.000+00:00","from_clientid":"http_api","from_username":"undefined","msgid":"{{id}}","node":"emqx@127.0.0.1",{{payload}}"publish_at":"2026-11-22T20:00:00.000+00:00","qos":1,"topic":"d/a"}
        """;
}
