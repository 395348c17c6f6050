using System.Net;
using System.Text.Json;
using Emqx.Mgmt.Tests.Api.Nodes;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Prometheus;

/// <summary>Metrics for Prometheus, as text and as JSON, and the settings.</summary>
public sealed class PrometheusTests
{
    private static readonly string[] s_kinds = ["stats", "auth", "data_integration"];

    private static async Task<JsonElement> JsonAsync(NodeApi api, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v5/prometheus/" + path);
        request.Headers.Accept.ParseAdd("application/json");
        using var answer = await api.Http.SendAsync(request);
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.ToString());
        return await answer.JsonAsync();
    }

    [Fact]
    public async Task Text_is_what_is_answered_unless_exactly_JSON_is_accepted()
    {
        await using var api = await NodeApi.StartAsync();
        foreach (var accept in (string?[])[null, "*/*", "application/json, text/plain", "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v5/prometheus/stats");
            if (accept is not null)
                request.Headers.TryAddWithoutValidation("Accept", accept);
            using var answer = await api.Http.SendAsync(request);
            Assert.Equal("text/plain", answer.Content.Headers.ContentType!.ToString());
            var text = await answer.Content.ReadAsStringAsync();
            Assert.Contains("\nemqx_topics_count 0\n", text, StringComparison.Ordinal);
            Assert.EndsWith("\n", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task JSON_has_the_groups_of_EMQX()
    {
        await using var api = await NodeApi.StartAsync();
        var stats = await JsonAsync(api, "stats");
        Assert.Equal("acl authn certs client cluster cluster_rpc delivery messages metrics olp packets session stats", string.Join(' ', stats.EnumerateObject().Select(group => group.Name)));
        Assert.Equal(JsonValueKind.Array, stats.GetProperty("client").ValueKind);
        Assert.Equal(0, stats.GetProperty("client")[0].GetProperty("emqx_client_connected").GetInt64());
        Assert.Equal(0, stats.GetProperty("stats").GetProperty("emqx_retained_max").GetInt64());
        Assert.Equal(JsonValueKind.Object, stats.GetProperty("metrics").ValueKind);
        Assert.Empty(stats.GetProperty("olp").EnumerateObject());
        Assert.Equal("emqx_authn emqx_authz emqx_banned", string.Join(' ', (await JsonAsync(api, "auth")).EnumerateObject().Select(group => group.Name)));
        Assert.Equal("""{"actions":[],"connectors":[],"data_integration_overview":{"emqx_actions_count":0,"emqx_connectors_count":0,"emqx_rules_count":0},"rules":[]}""",
            (await JsonAsync(api, "data_integration")).GetRawText());
    }

    [Fact]
    public async Task Of_all_nodes_JSON_has_lists()
    {
        await using var api = await NodeApi.StartAsync();
        var each = await JsonAsync(api, "stats?mode=all_nodes_unaggregated");
        foreach (var group in (string[])["stats", "messages", "session", "packets", "metrics", "cluster"])
            Assert.Equal(NodeApi.Node, each.GetProperty(group)[0].GetProperty("node").GetString());
        Assert.Equal(0, each.GetProperty("stats")[0].GetProperty("emqx_topics_count").GetInt64());
        var together = await JsonAsync(api, "stats?mode=all_nodes_aggregated");
        Assert.False(together.GetProperty("stats").TryGetProperty("node", out _));
        Assert.Equal(NodeApi.Node, together.GetProperty("metrics")[0].GetProperty("node").GetString());
        Assert.Equal(1, together.GetProperty("cluster").GetProperty("emqx_cluster_nodes_running").GetInt64());
    }

    [Fact]
    public async Task Another_mode_is_refused()
    {
        await using var api = await NodeApi.StartAsync();
        foreach (var kind in s_kinds)
            await api.FailsAsync(HttpMethod.Get, $"/prometheus/{kind}?mode=other", 400, "BAD_REQUEST");
    }

    [Fact]
    public async Task Metrics_are_open_until_credentials_are_asked_for_and_settings_never_are()
    {
        await using var api = await NodeApi.StartAsync();
        var token = api.Http.DefaultRequestHeaders.Authorization;
        await ExpectAsync(HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.OK, (await api.SendAsync(HttpMethod.Put, "/prometheus", """{"enable_basic_auth":true}""")).Status);
        await ExpectAsync(HttpStatusCode.Unauthorized);
        foreach (var kind in s_kinds)
            Assert.Equal(HttpStatusCode.OK, (await api.SendAsync(HttpMethod.Get, $"/prometheus/{kind}")).Status);

        async Task ExpectAsync(HttpStatusCode status)
        {
            api.Http.DefaultRequestHeaders.Authorization = null;
            foreach (var kind in s_kinds)
                Assert.Equal(status, (await api.SendAsync(HttpMethod.Get, $"/prometheus/{kind}")).Status);
            await api.FailsAsync(HttpMethod.Get, "/prometheus", 401, "AUTHORIZATION_HEADER_ERROR");
            api.Http.DefaultRequestHeaders.Authorization = token;
        }
    }

    [Fact]
    public async Task Settings_are_shown_as_they_were_put_and_what_is_left_out_has_its_default()
    {
        await using var api = await NodeApi.StartAsync();
        const string Body = """
            {"enable_basic_auth":false,"push_gateway":{"enable":false,"method":"post","url":"http://127.0.0.1:9091","interval":"2s","headers":{"x-one":"1"},"job_name":"j"},"collectors":{"vm_dist":"disabled","mnesia":"disabled","vm_statistics":"disabled","vm_system_info":"disabled","vm_memory":"enabled","vm_msacc":"disabled"}}
            """;
        var put = await api.SendAsync(HttpMethod.Put, "/prometheus", Body);
        Assert.Equal((HttpStatusCode.OK, Body.Trim()), put);
        Assert.Equal(Body.Trim(), (await api.SendAsync(HttpMethod.Get, "/prometheus")).Body);
        await api.SendAsync(HttpMethod.Put, "/prometheus", "{}");
        var push = (await api.GetAsync("/prometheus")).GetProperty("push_gateway");
        Assert.Equal("15s", push.GetProperty("interval").GetString());
        Assert.Empty(push.GetProperty("headers").EnumerateObject());
    }

    [Fact]
    public async Task The_flat_form_of_older_releases_is_taken()
    {
        await using var api = await NodeApi.StartAsync();
        var (status, body) = await api.SendAsync(HttpMethod.Put, "/prometheus",
            """{"push_gateway_server":"http://127.0.0.1:9099","interval":"3s","enable":false,"vm_memory_collector":"enabled","job_name":"j","headers":{"a":"b"}}""");
        Assert.Equal(HttpStatusCode.OK, status);
        using var found = JsonDocument.Parse(body);
        var push = found.RootElement.GetProperty("push_gateway");
        Assert.Equal(("http://127.0.0.1:9099", "3s", "j"), (push.GetProperty("url").GetString(), push.GetProperty("interval").GetString(), push.GetProperty("job_name").GetString()));
        Assert.Equal("enabled", found.RootElement.GetProperty("collectors").GetProperty("vm_memory").GetString());
        Assert.False(found.RootElement.GetProperty("enable_basic_auth").GetBoolean());
    }

    [Theory]
    [InlineData("""{"enable_basic_auth":false,"push_gateway":{"url":"127.0.0.1:8081"}}""", "root.push_gateway.url")]
    [InlineData("""{"enable_basic_auth":"x"}""", "root.enable_basic_auth")]
    [InlineData("""{"nothing":1}""", "unknown_fields")]
    [InlineData("""{"collectors":{"vm_dist":"x"}}""", "root.collectors.vm_dist")]
    [InlineData("""{"push_gateway":{"interval":"x"}}""", "root.push_gateway.interval")]
    [InlineData("""{"push_gateway":{"method":"get"}}""", "root.push_gateway.method")]
    [InlineData("""{"push_gateway":{"headers":{"Host: a\r\nX":"b"}}}""", "root.push_gateway.headers")]
    [InlineData("""{"push_gateway":[]}""", "root.push_gateway")]
    [InlineData("""{"push_gateway_server":"127.0.0.1:8081"}""", "root.push_gateway_server")]
    [InlineData("""{"push_gateway_server":"http://x","enable_basic_auth":true}""", "unknown_fields")]
    [InlineData("[1]", "")]
    public async Task What_is_wrong_is_refused_and_changes_nothing(string body, string place)
    {
        await using var api = await NodeApi.StartAsync();
        var before = await api.SendAsync(HttpMethod.Get, "/prometheus");
        Assert.Contains(place, await api.FailsAsync(HttpMethod.Put, "/prometheus", 400, "BAD_REQUEST", body), StringComparison.Ordinal);
        Assert.Equal(before, await api.SendAsync(HttpMethod.Get, "/prometheus"));
    }
}
