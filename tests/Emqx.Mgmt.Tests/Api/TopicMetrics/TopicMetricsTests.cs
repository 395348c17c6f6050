using System.Net;
using Emqx.Mgmt.Tests.Api.Nodes;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.TopicMetrics;

/// <summary>Metrics of single topics as the API shows them.</summary>
public sealed class TopicMetricsTests
{
    private const string Path = "/mqtt/topic_metrics";

    private const string Zero = "{\"messages.dropped.count\":0,\"messages.dropped.rate\":0.0,\"messages.in.count\":0,\"messages.in.rate\":0.0,"
        + "\"messages.out.count\":0,\"messages.out.rate\":0.0,\"messages.qos0.in.count\":0,\"messages.qos0.in.rate\":0.0,\"messages.qos0.out.count\":0,"
        + "\"messages.qos0.out.rate\":0.0,\"messages.qos1.in.count\":0,\"messages.qos1.in.rate\":0.0,\"messages.qos1.out.count\":0,\"messages.qos1.out.rate\":0.0,"
        + "\"messages.qos2.in.count\":0,\"messages.qos2.in.rate\":0.0,\"messages.qos2.out.count\":0,\"messages.qos2.out.rate\":0.0}";

    private const string Item = $"{{\"create_time\":\"2026-11-22T20:00:00+00:00\",\"metrics\":{Zero},\"topic\":\"a b/ü\"}}";

    [Fact]
    public async Task A_topic_is_registered_shown_and_forgotten()
    {
        await using var api = await NodeApi.StartAsync();
        var encoded = $"{Path}/{Uri.EscapeDataString("a b/ü")}";
        Assert.Equal((HttpStatusCode.OK, Item), await api.SendAsync(HttpMethod.Post, Path, """{"topic":"a b/ü","nothing":1}"""));
        Assert.Equal(Item, (await api.GetAsync(encoded)).GetRawText());
        Assert.Equal($"[{Item}]", (await api.GetAsync(Path)).GetRawText());
        Assert.Equal((HttpStatusCode.NoContent, ""), await api.SendAsync(HttpMethod.Delete, encoded));
        await api.FailsAsync(HttpMethod.Delete, encoded, 404, "TOPIC_NOT_FOUND");
        await api.FailsAsync(HttpMethod.Get, encoded, 404, "TOPIC_NOT_FOUND");
        Assert.Equal("[]", (await api.GetAsync(Path)).GetRawText());
    }

    [Theory]
    [InlineData("""{"topic":"t"}""", 400, "BAD_TOPIC", "Topic already registered")]
    [InlineData("""{"topic":"a/+"}""", 400, "BAD_TOPIC", "Wildcard topic is not supported")]
    [InlineData("""{"topic":"a/#"}""", 400, "BAD_TOPIC", "Wildcard topic is not supported")]
    [InlineData("""{"topic":""}""", 400, "BAD_REQUEST", "Topic can not be empty")]
    [InlineData("""{}""", 400, "BAD_REQUEST", "required_field")]
    [InlineData("""{"topic":{}}""", 400, "BAD_REQUEST", "binary()")]
    [InlineData("""{"topic":null}""", 400, "BAD_REQUEST", "required_field")]
    [InlineData("""{""", 400, "BAD_REQUEST", "")]
    public async Task Other_topics_are_refused(string body, int status, string code, string why)
    {
        await using var api = await NodeApi.StartAsync();
        await api.SendAsync(HttpMethod.Post, Path, """{"topic":"t"}""");
        Assert.Contains(why, await api.FailsAsync(HttpMethod.Post, Path, status, code, body), StringComparison.Ordinal);
        Assert.Equal(1, (await api.GetAsync(Path)).GetArrayLength());
    }

    [Fact]
    public async Task A_reset_answers_with_the_counters()
    {
        await using var api = await NodeApi.StartAsync();
        await api.SendAsync(HttpMethod.Post, Path, """{"topic":"a b/ü"}""");
        Assert.Equal((HttpStatusCode.OK, Item), await api.SendAsync(HttpMethod.Put, Path, """{"topic":"a b/ü","action":"reset"}"""));
        Assert.Equal((HttpStatusCode.OK, $"[{Item}]"), await api.SendAsync(HttpMethod.Put, Path, """{"action":"reset"}"""));
    }

    [Theory]
    [InlineData("""{"topic":"none","action":"reset"}""", 404, "TOPIC_NOT_FOUND")]
    [InlineData("""{"topic":"t"}""", 400, "BAD_REQUEST")]
    [InlineData("""{"topic":"t","action":"clear"}""", 400, "BAD_REQUEST")]
    [InlineData("""{"topic":"t","action":"reset","nothing":1}""", 400, "BAD_REQUEST")]
    [InlineData("""[]""", 400, "BAD_REQUEST")]
    public async Task Wrong_resets_are_refused(string body, int status, string code)
    {
        await using var api = await NodeApi.StartAsync();
        await api.SendAsync(HttpMethod.Post, Path, """{"topic":"t"}""");
        await api.FailsAsync(HttpMethod.Put, Path, status, code, body);
    }

    [Fact]
    public async Task Topics_of_the_configuration_are_measured()
    {
        await using var api = await NodeApi.StartAsync(variables: [("EMQX_TOPIC_METRICS__1__TOPIC", "a"), ("EMQX_TOPIC_METRICS__2__TOPIC", "b")]);
        Assert.Equal(["b", "a"], (await api.GetAsync(Path)).EnumerateArray().Select(one => one.GetProperty("topic").GetString()));
    }
}
