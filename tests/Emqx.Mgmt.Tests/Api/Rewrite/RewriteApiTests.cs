using System.Net;
using System.Text.Json;
using Emqx.Mgmt.Tests.Api.Nodes;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Rewrite;

/// <summary>Rules of topic rewriting as the API takes and shows them.</summary>
public sealed class RewriteApiTests
{
    private const string Path = "/mqtt/topic_rewrite";
    private const string Rule = """{"action":"publish","source_topic":"a/#","re":"^a/(.+)$","dest_topic":"b/$1"}""";

    [Fact]
    public async Task A_list_of_rules_takes_the_place_of_the_present_one()
    {
        await using var api = await NodeApi.StartAsync();
        Assert.Equal("[]", (await api.GetAsync(Path)).GetRawText());
        var (status, body) = await api.SendAsync(HttpMethod.Put, Path, $"[{Rule}]");
        Assert.Equal((HttpStatusCode.OK, """[{"action":"publish","dest_topic":"b/$1","re":"^a/(.+)$","source_topic":"a/#"}]"""), (status, body));
        Assert.Equal(body, (await api.GetAsync(Path)).GetRawText());
        Assert.Equal((HttpStatusCode.OK, "[]"), await api.SendAsync(HttpMethod.Put, Path, "[]"));
        Assert.Equal("[]", (await api.GetAsync(Path)).GetRawText());
    }

    [Theory]
    [InlineData("""[{"action":"publish","source_topic":"a/#","re":"*x","dest_topic":"b"}]""", "compile_error")]
    [InlineData("""[{"action":"read","source_topic":"a/#","re":"a","dest_topic":"b"}]""", "not_a_enum_symbol")]
    [InlineData("""[{"source_topic":"a/#"}]""", "required_field")]
    [InlineData("""[{"action":"publish","source_topic":"a/#","re":"a","dest_topic":"b","nothing":1}]""", "unknown_fields")]
    [InlineData("""[{"action":"publish","source_topic":"a/#","re":null,"dest_topic":"b"}]""", "required_field")]
    [InlineData("""["text"]""", "bad_value_for_struct")]
    [InlineData("""[null]""", "bad_value_for_struct")]
    [InlineData("""{}""", "")]
    [InlineData("""[""", "")]
    public async Task Wrong_rules_are_refused_and_change_nothing(string body, string why)
    {
        await using var api = await NodeApi.StartAsync();
        await api.SendAsync(HttpMethod.Put, Path, $"[{Rule}]");
        Assert.Contains(why, await api.FailsAsync(HttpMethod.Put, Path, 400, "BAD_REQUEST", body), StringComparison.Ordinal);
        Assert.Equal(1, (await api.GetAsync(Path)).GetArrayLength());
    }

    [Theory]
    [InlineData("publish", "bad/#")]
    [InlineData("publish", "bad/+/x")]
    [InlineData("all", "bad/+")]
    [InlineData("all", "")]
    public async Task Messages_may_not_be_led_to_a_filter(string action, string dest)
    {
        await using var api = await NodeApi.StartAsync();
        var message = await api.FailsAsync(HttpMethod.Put, Path, 400, "BAD_REQUEST", $$"""[{"action":"{{action}}","source_topic":"a","re":"a","dest_topic":"{{dest}}"}]""");
        Assert.Equal($"Cannot use wildcard for destination topic. Invalid topics: [<<\"{dest}\">>]", message);
        var (status, _) = await api.SendAsync(HttpMethod.Put, Path, $$"""[{"action":"subscribe","source_topic":"a","re":"a","dest_topic":"{{dest}}"}]""");
        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Fact]
    public async Task Nineteen_rules_are_taken_and_twenty_are_not_whatever_they_say()
    {
        await using var api = await NodeApi.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await api.SendAsync(HttpMethod.Put, Path, $"[{string.Join(',', Enumerable.Repeat(Rule, 19))}]")).Status);
        await api.FailsAsync(HttpMethod.Put, Path, 413, "EXCEED_LIMIT", $"[{string.Join(',', Enumerable.Repeat(Rule, 20))}]");
        await api.FailsAsync(HttpMethod.Put, Path, 413, "EXCEED_LIMIT", $"[{string.Join(',', Enumerable.Repeat("1", 20))}]");
        Assert.Equal(19, (await api.GetAsync(Path)).GetArrayLength());
    }

    [Fact]
    public async Task A_long_pattern_is_refused()
    {
        await using var api = await NodeApi.StartAsync();
        var rule = JsonSerializer.Serialize(new { action = "all", source_topic = "a", re = new string('a', 5000), dest_topic = "b" });
        Assert.Contains("regular_expression_too_long", await api.FailsAsync(HttpMethod.Put, Path, 400, "BAD_REQUEST", $"[{rule}]"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_telemetry_data_tell_how_many_rules_there_are()
    {
        await using var api = await NodeApi.StartAsync();
        await api.SendAsync(HttpMethod.Put, Path, $"[{Rule},{Rule}]");
        await api.SendAsync(HttpMethod.Put, "/telemetry/status", """{"enable":true}""");
        Assert.Equal(2, (await api.GetAsync("/telemetry/data")).GetProperty("advanced_mqtt_features").GetProperty("topic_rewrite").GetInt32());
    }
}
