using System.Net;
using System.Text.Json;
using Emqx.Mgmt.Tests.Api.Nodes;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Authorization;

/// <summary>The authorization sources and their order.</summary>
public sealed class AuthzSourcesTests
{
    private const string Sources = "/authorization/sources";
    private const string Database = """{"type":"built_in_database","enable":true}""";

    [Fact]
    public async Task At_first_there_is_a_file_with_its_rules_and_a_new_source_goes_to_the_front()
    {
        await using var api = await NodeApi.StartAsync();
        var file = Assert.Single((await api.GetAsync(Sources)).GetProperty("sources").EnumerateArray());
        Assert.Equal(["enable", "rules", "type"], file.EnumerateObject().Select(field => field.Name).Order());
        Assert.EndsWith("{allow, all}.\n", file.GetProperty("rules").GetString(), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.NoContent, ""), await api.SendAsync(HttpMethod.Post, Sources, Database));
        Assert.Equal("built_in_database file", await TypesAsync(api));
        Assert.Equal("""{"type":"built_in_database","enable":true,"max_rules":100}""", (await api.GetAsync($"{Sources}/built_in_database")).GetRawText());
        await api.FailsAsync(HttpMethod.Post, Sources, 400, "BAD_REQUEST", Database);
        Assert.Equal((HttpStatusCode.NoContent, ""), await api.SendAsync(HttpMethod.Delete, $"{Sources}/built_in_database"));
        Assert.Equal("Not found: built_in_database", await api.FailsAsync(HttpMethod.Get, $"{Sources}/built_in_database", 404, "NOT_FOUND"));
        await api.FailsAsync(HttpMethod.Delete, $"{Sources}/built_in_database", 404, "NOT_FOUND");
        await api.FailsAsync(HttpMethod.Put, $"{Sources}/built_in_database", 404, "NOT_FOUND", Database);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"enable":true}""")]
    [InlineData("""{"type":"nothing"}""")]
    [InlineData("""{"type":7}""")]
    [InlineData("""{"type":"built_in_database","nothing":1}""")]
    [InlineData("""{"type":"built_in_database","enable":"perhaps"}""")]
    [InlineData("""{"type":"built_in_database","max_rules":0}""")]
    [InlineData("""{"type":"built_in_database","max_rules":"x"}""")]
    [InlineData("""{"type":"file","enable":true}""")]
    [InlineData("""{"type":"file","rules":"{allow, all}.","path":"/etc/passwd"}""")]
    public async Task Another_body_is_refused_and_changes_nothing(string body)
    {
        await using var api = await NodeApi.StartAsync();
        await api.FailsAsync(HttpMethod.Post, Sources, 400, "BAD_REQUEST", body);
        Assert.Equal("file", await TypesAsync(api));
    }

    [Fact]
    public async Task The_text_of_a_file_is_kept_as_it_is_and_a_broken_one_is_refused_in_words()
    {
        await using var api = await NodeApi.StartAsync();
        const string text = "%% a comment\n{allow,   {username, \"x\"}, all,\n  [\"a/#\"]}.\n\n{allow, all}.\n";
        Assert.Equal(HttpStatusCode.NoContent, (await PutFileAsync(api, text)).Status);
        Assert.Equal(text, (await api.GetAsync($"{Sources}/file")).GetProperty("rules").GetString());
        foreach (var (wrong, told) in ((string, string)[])[("{permit, all}.", "#{reason => invalid_authorization_rule,value => {permit,all}}"),
            ("nonsense", "{bad_acl_file_content,{1,erl_parse,[\"syntax error before: \",[]]}}")])
        {
            var (status, body) = await PutFileAsync(api, wrong);
            Assert.Equal((HttpStatusCode.BadRequest, told), (status, JsonDocument.Parse(body).RootElement.GetProperty("message").GetString()));
        }

        Assert.Equal(text, (await api.GetAsync($"{Sources}/file")).GetProperty("rules").GetString());
    }

    [Fact]
    public async Task A_change_keeps_the_place_and_not_another_type()
    {
        await using var api = await NodeApi.StartAsync();
        await api.SendAsync(HttpMethod.Post, Sources, Database);
        Assert.Equal(HttpStatusCode.NoContent, (await api.SendAsync(HttpMethod.Put, $"{Sources}/built_in_database", """{"type":"built_in_database","enable":"false","max_rules":"3"}""")).Status);
        Assert.Equal("built_in_database file", await TypesAsync(api));
        Assert.Equal("""{"type":"built_in_database","enable":false,"max_rules":3}""", (await api.GetAsync($"{Sources}/built_in_database")).GetRawText());
        Assert.Equal("Type mismatch", await api.FailsAsync(HttpMethod.Put, $"{Sources}/file", 400, "BAD_REQUEST", Database));
        await api.FailsAsync(HttpMethod.Put, $"{Sources}/file", 400, "BAD_REQUEST", """{"enable":false}""");
    }

    [Theory]
    [InlineData("GET", "/nothing", null)]
    [InlineData("DELETE", "/nothing", null)]
    [InlineData("PUT", "/nothing", """{"type":"nothing"}""")]
    [InlineData("GET", "/nothing/status", null)]
    [InlineData("POST", "/nothing/move", """{"position":"front"}""")]
    public async Task A_type_that_is_none_is_a_400(string method, string path, string? body)
    {
        await using var api = await NodeApi.StartAsync();
        await api.FailsAsync(new HttpMethod(method), Sources + path, 400, "BAD_REQUEST", body);
    }

    [Theory]
    [InlineData("front", "file built_in_database")]
    [InlineData("rear", "built_in_database file")]
    [InlineData("before:built_in_database", "file built_in_database")]
    [InlineData("after:built_in_database", "built_in_database file")]
    public async Task A_source_is_moved(string position, string order)
    {
        await using var api = await NodeApi.StartAsync();
        await api.SendAsync(HttpMethod.Post, Sources, Database);
        Assert.Equal((HttpStatusCode.NoContent, ""), await api.SendAsync(HttpMethod.Post, $"{Sources}/file/move", $$"""{"position":"{{position}}"}"""));
        Assert.Equal(order, await TypesAsync(api));
    }

    [Theory]
    [InlineData("""{"position":"up"}""")]
    [InlineData("""{"position":""}""")]
    [InlineData("""{"position":"before:"}""")]
    [InlineData("""{"position":"after:"}""")]
    [InlineData("""{"position":"before:nothing"}""")]
    [InlineData("""{"position":"before:redis"}""")]
    [InlineData("""{"position":"before:file"}""")]
    [InlineData("""{"position":1}""")]
    [InlineData("""{"position":"front","x":1}""")]
    [InlineData("{}")]
    [InlineData("[]")]
    public async Task Another_position_is_a_400(string body)
    {
        await using var api = await NodeApi.StartAsync();
        await api.SendAsync(HttpMethod.Post, Sources, Database);
        await api.FailsAsync(HttpMethod.Post, $"{Sources}/file/move", 400, "BAD_REQUEST", body);
        Assert.Equal("built_in_database file", await TypesAsync(api));
        await api.FailsAsync(HttpMethod.Post, $"{Sources}/http/move", 404, "NOT_FOUND", """{"position":"front"}""");
    }

    [Theory]
    [InlineData("""[{"type":"file"},{"type":"built_in_database"}]""", 204)]
    [InlineData("""[{"type":"file"}]""", 400)]
    [InlineData("[]", 400)]
    [InlineData("""[{"type":"file"},{"type":"built_in_database"},{"type":"file"}]""", 400)]
    [InlineData("""[{"type":"file"},{"type":"built_in_database"},{"type":"http"}]""", 400)]
    [InlineData("""[{"type":"nothing"}]""", 400)]
    [InlineData("""{"type":"file"}""", 400)]
    public async Task An_order_names_every_source_once(string body, int status)
    {
        await using var api = await NodeApi.StartAsync();
        await api.SendAsync(HttpMethod.Post, Sources, Database);
        Assert.Equal(status, (int)(await api.SendAsync(HttpMethod.Put, $"{Sources}/order", body)).Status);
        Assert.Equal(status == 204 ? "file built_in_database" : "built_in_database file", await TypesAsync(api));
    }

    [Fact]
    public async Task The_status_has_what_was_asked_and_said()
    {
        await using var api = await NodeApi.StartAsync();
        var status = await api.GetAsync($"{Sources}/file/status");
        Assert.Equal("connected", status.GetProperty("status").GetString());
        Assert.Equal("allow deny ignore nomatch rate rate_last5m rate_max total", string.Join(' ', status.GetProperty("metrics").EnumerateObject().Select(field => field.Name)));
        Assert.Equal("{}", status.GetProperty("resource_metrics").GetRawText());
        Assert.Equal($$"""[{"metrics":{},"node":"{{NodeApi.Node}}"}]""", status.GetProperty("node_resource_metrics").GetRawText());
        await api.FailsAsync(HttpMethod.Get, $"{Sources}/http/status", 404, "NOT_FOUND");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await api.SendAsync(HttpMethod.Get, $"{Sources}/order")).Status);
    }

    [Fact]
    public async Task The_metrics_of_a_scrape_name_the_sources()
    {
        await using var api = await NodeApi.StartAsync();
        var (_, text) = await api.SendAsync(HttpMethod.Get, "/prometheus/auth");
        foreach (var line in (string[])["emqx_authz_enable{type=\"file\"} 1", "emqx_authz_status{type=\"file\"} 1", "emqx_authz_total{type=\"file\"} 0", "emqx_authz_rules_count{type=\"file\"} 4"])
            Assert.Contains(line, text, StringComparison.Ordinal);
    }

    private static Task<(HttpStatusCode Status, string Body)> PutFileAsync(NodeApi api, string rules) =>
        api.SendAsync(HttpMethod.Put, $"{Sources}/file", $$"""{"type":"file","enable":true,"rules":"{{JsonEncodedText.Encode(rules)}}"}""");

    private static async Task<string> TypesAsync(NodeApi api) =>
        string.Join(' ', (await api.GetAsync(Sources)).GetProperty("sources").EnumerateArray().Select(source => source.GetProperty("type").GetString()));
}
