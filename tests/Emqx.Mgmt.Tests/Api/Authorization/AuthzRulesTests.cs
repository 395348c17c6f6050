using System.Net;
using System.Text.Json;
using Emqx.Mgmt.Tests.Api.Nodes;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Authorization;

/// <summary>The rules of the built-in database.</summary>
public sealed class AuthzRulesTests
{
    private const string Sources = "/authorization/sources";
    private const string Rules = "/authorization/sources/built_in_database/rules";
    private const string All = """{"action":"all","permission":"allow","qos":[0,1,2],"retain":"all","topic":"#"}""";
    private const string Given = """{"topic":"#","permission":"allow","action":"all"}""";

    public static TheoryData<string, string> Subjects => new() { { "users", "username" }, { "clients", "clientid" } };

    [Theory, MemberData(nameof(Subjects))]
    public async Task Rules_are_added_shown_replaced_and_deleted(string path, string name)
    {
        await using var api = await StartAsync();
        Assert.Equal((HttpStatusCode.NoContent, ""), await api.SendAsync(HttpMethod.Post, $"{Rules}/{path}", $$"""[{"{{name}}":"a/ü","rules":[]},{"{{name}}":"b","rules":[{{Given}}]}]"""));
        Assert.Equal(name == "username" ? $$"""{"rules":[{{All}}],"username":"b"}""" : $$"""{"clientid":"b","rules":[{{All}}]}""", (await api.GetAsync($"{Rules}/{path}/b")).GetRawText());
        Assert.Empty((await api.GetAsync($"{Rules}/{path}/a%2F%C3%BC")).GetProperty("rules").EnumerateArray());
        await api.FailsAsync(HttpMethod.Post, $"{Rules}/{path}", 409, "ALREADY_EXISTS", $$"""[{"{{name}}":"c","rules":[]},{"{{name}}":"b","rules":[]}]""");
        Assert.Equal("Not Found", await api.FailsAsync(HttpMethod.Get, $"{Rules}/{path}/c", 404, "NOT_FOUND"));
        Assert.Equal(HttpStatusCode.NoContent, (await api.SendAsync(HttpMethod.Put, $"{Rules}/{path}/c", $$"""{"{{name}}":"c","rules":[{"topic":"t","permission":"deny","action":"publish","qos":[2],"retain":true}]}""")).Status);
        Assert.Equal("""[{"action":"publish","permission":"deny","qos":[2],"retain":true,"topic":"t"}]""", (await api.GetAsync($"{Rules}/{path}/c")).GetProperty("rules").GetRawText());
        await api.FailsAsync(HttpMethod.Put, $"{Rules}/{path}/c", 400, "BAD_REQUEST", $$"""{"{{name}}":"d","rules":[]}""");
        Assert.Equal((HttpStatusCode.NoContent, ""), await api.SendAsync(HttpMethod.Delete, $"{Rules}/{path}/c"));
        await api.FailsAsync(HttpMethod.Delete, $"{Rules}/{path}/c", 404, "NOT_FOUND");
        Assert.Equal(HttpStatusCode.NoContent, (await api.SendAsync(HttpMethod.Post, $"{Rules}/{path}", "[]")).Status);
    }

    [Theory, MemberData(nameof(Subjects))]
    public async Task They_are_listed_from_the_last_name_to_the_first(string path, string name)
    {
        await using var api = await StartAsync();
        await api.SendAsync(HttpMethod.Post, $"{Rules}/{path}", $"[{string.Join(',', "abc".Select(letter => $$"""{"{{name}}":"{{letter}}x","rules":[]}"""))}]");
        var page = await api.GetAsync($"{Rules}/{path}?limit=2");
        Assert.Equal(("cx bx", """{"page":1,"limit":2,"count":3,"hasnext":true}"""), (Names(page, name), page.GetProperty("meta").GetRawText()));
        page = await api.GetAsync($"{Rules}/{path}?like_{name}=x&limit=2&page=2");
        Assert.Equal(("ax", """{"page":2,"limit":2,"hasnext":false}"""), (Names(page, name), page.GetProperty("meta").GetRawText()));
        await api.FailsAsync(HttpMethod.Get, $"{Rules}/{path}?page=0", 400, "BAD_REQUEST");
        await api.FailsAsync(HttpMethod.Get, $"{Rules}/{path}?limit=10001", 400, "BAD_REQUEST");
    }

    [Fact]
    public async Task Those_for_everybody_are_always_there()
    {
        await using var api = await StartAsync();
        Assert.Equal("""{"rules":[]}""", (await api.GetAsync($"{Rules}/all")).GetRawText());
        Assert.Equal((HttpStatusCode.NoContent, ""), await api.SendAsync(HttpMethod.Post, $"{Rules}/all", $$"""{"rules":[{{Given}}]}"""));
        Assert.Equal($$"""{"rules":[{{All}}]}""", (await api.GetAsync($"{Rules}/all")).GetRawText());
        Assert.Equal((HttpStatusCode.NoContent, ""), await api.SendAsync(HttpMethod.Delete, $"{Rules}/all"));
        Assert.Equal((HttpStatusCode.NoContent, ""), await api.SendAsync(HttpMethod.Delete, $"{Rules}/all"));
    }

    [Theory]
    [InlineData("""{"rules":[{"permission":"perhaps","action":"all","topic":"#"}]}""", "root.rules.1.permission")]
    [InlineData("""{"rules":[{"permission":"allow","action":"read","topic":"#"}]}""", "root.rules.1.action")]
    [InlineData("""{"rules":[{"permission":"allow","action":"all"}]}""", "root.rules.1.topic")]
    [InlineData("""{"rules":[{"permission":"allow","action":"all","topic":"#","qos":[3]}]}""", "root.rules.1.qos.1")]
    [InlineData("""{"rules":[{"permission":"allow","action":"all","topic":"#","qos":1}]}""", "root.rules.1.qos")]
    [InlineData("""{"rules":[{"permission":"allow","action":"all","topic":"#","retain":"never"}]}""", "root.rules.1.retain")]
    [InlineData("""{"rules":[{"permission":"allow","action":"all","topic":"#","who":"x"}]}""", "root.rules.1")]
    [InlineData("""{"rules":"x"}""", "root.rules")]
    [InlineData("""{"rules":[],"x":1}""", "root")]
    [InlineData("{}", "root.rules")]
    [InlineData("[]", "root")]
    public async Task A_wrong_rule_is_told_by_its_path(string body, string path)
    {
        await using var api = await StartAsync();
        var told = JsonDocument.Parse(await api.FailsAsync(HttpMethod.Post, $"{Rules}/all", 400, "BAD_REQUEST", body)).RootElement;
        Assert.Equal(path, told.GetProperty("path").GetString());
    }

    [Fact]
    public async Task There_are_no_more_rules_than_the_source_allows()
    {
        await using var api = await StartAsync(""","max_rules":1""");
        var two = $"[{Given},{Given}]";
        Assert.Equal("The rules length of User 'a' exceeds the maximum limit.", await api.FailsAsync(HttpMethod.Post, $"{Rules}/users", 400, "BAD_REQUEST", $$"""[{"username":"a","rules":{{two}}}]"""));
        Assert.Equal("The rules length of Client 'a' exceeds the maximum limit.", await api.FailsAsync(HttpMethod.Post, $"{Rules}/clients", 400, "BAD_REQUEST", $$"""[{"clientid":"a","rules":{{two}}}]"""));
        Assert.Equal("The rules length exceeds the maximum limit.", await api.FailsAsync(HttpMethod.Put, $"{Rules}/users/a", 400, "BAD_REQUEST", $$"""{"username":"a","rules":{{two}}}"""));
        Assert.Equal("The length of rules exceeds the maximum limit.", await api.FailsAsync(HttpMethod.Post, $"{Rules}/all", 400, "BAD_REQUEST", $$"""{"rules":{{two}}}"""));
    }

    [Theory]
    [InlineData("GET", "/users", null)]
    [InlineData("POST", "/users", """[{"username":"n","rules":[]}]""")]
    [InlineData("GET", "/users/n", null)]
    [InlineData("PUT", "/users/n", """{"username":"n","rules":[]}""")]
    [InlineData("DELETE", "/users/n", null)]
    [InlineData("GET", "/clients", null)]
    [InlineData("POST", "/clients", """[{"clientid":"n","rules":[]}]""")]
    [InlineData("GET", "/clients/n", null)]
    [InlineData("PUT", "/clients/n", """{"clientid":"n","rules":[]}""")]
    [InlineData("DELETE", "/clients/n", null)]
    [InlineData("GET", "/all", null)]
    [InlineData("POST", "/all", """{"rules":[]}""")]
    [InlineData("DELETE", "/all", null)]
    [InlineData("DELETE", "", null)]
    public async Task While_the_source_is_not_configured_there_are_none(string method, string path, string? body)
    {
        await using var api = await NodeApi.StartAsync();
        Assert.Equal("Not found: built_in_database", await api.FailsAsync(new HttpMethod(method), Rules + path, 404, "NOT_FOUND", body));
    }

    [Fact]
    public async Task They_go_with_an_enabled_source_or_by_a_purge_of_a_disabled_one()
    {
        await using var api = await StartAsync();
        await AddAsync();
        await api.FailsAsync(HttpMethod.Delete, Rules, 400, "BAD_REQUEST");
        await api.SendAsync(HttpMethod.Delete, $"{Sources}/built_in_database");
        await api.SendAsync(HttpMethod.Post, Sources, """{"type":"built_in_database"}""");
        await api.FailsAsync(HttpMethod.Get, $"{Rules}/users/a", 404, "NOT_FOUND");

        await AddAsync();
        await api.SendAsync(HttpMethod.Put, $"{Sources}/built_in_database", """{"type":"built_in_database","enable":false}""");
        await api.SendAsync(HttpMethod.Delete, $"{Sources}/built_in_database");
        await api.SendAsync(HttpMethod.Post, Sources, """{"type":"built_in_database","enable":false}""");
        Assert.Equal("a", (await api.GetAsync($"{Rules}/users/a")).GetProperty("username").GetString());
        Assert.Equal((HttpStatusCode.NoContent, ""), await api.SendAsync(HttpMethod.Delete, Rules));
        await api.FailsAsync(HttpMethod.Get, $"{Rules}/users/a", 404, "NOT_FOUND");

        Task AddAsync() => api.SendAsync(HttpMethod.Post, $"{Rules}/users", """[{"username":"a","rules":[]}]""");
    }

    private static async Task<NodeApi> StartAsync(string more = "")
    {
        var api = await NodeApi.StartAsync();
        var (status, body) = await api.SendAsync(HttpMethod.Post, Sources, $$"""{"type":"built_in_database","enable":true{{more}}}""");
        Assert.True(status == HttpStatusCode.NoContent, body);
        return api;
    }

    private static string Names(JsonElement page, string name) => string.Join(' ', page.GetProperty("data").EnumerateArray().Select(row => row.GetProperty(name).GetString()));
}
