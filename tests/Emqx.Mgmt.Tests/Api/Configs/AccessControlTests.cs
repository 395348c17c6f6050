using System.Text;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Configs;

/// <summary>PUT /configs takes no access control that the node does not have.</summary>
public sealed class AccessControlTests(EmqxApp app) : IClassFixture<EmqxApp>
{
    [Theory]
    [InlineData("""authentication = [{mechanism = password_based, backend = nothing}]""", "unsupported_mechanism")]
    [InlineData("""authentication = [{backend = nothing}]""", "missing_mechanism_field")]
    [InlineData("""authorization { sources = [{type = nothing}] }""", "unknown_authz_type")]
    public async Task What_is_not_in_a_catalogue_is_refused_and_nothing_changes(string text, string reason)
    {
        using var client = app.WithKey();
        var before = await client.GetStringAsync("/api/v5/configs");
        var (status, body) = await PutAsync(client, text);
        Assert.Equal(400, status);
        Assert.Contains(reason, body, StringComparison.Ordinal);
        Assert.Equal(before, await client.GetStringAsync("/api/v5/configs"));
    }

    [Fact]
    public async Task An_empty_list_is_taken()
    {
        using var client = app.WithKey();
        Assert.Equal((200, ""), await PutAsync(client, "authentication = []"));
    }

    [Fact]
    public async Task A_text_changes_what_it_names_and_takes_nothing_away_unless_it_replaces()
    {
        using var client = app.WithKey();
        Assert.Equal((200, ""), await PutAsync(client, "authorization { no_match = deny, sources = [{type = built_in_database, max_rules = 7}] }"));
        Assert.Equal((200, ""), await PutAsync(client, "authorization { cache.ttl = 7s, sources = [{type = built_in_database, enable = false}] }"));
        using var settings = await client.GetAsync("/api/v5/authorization/settings");
        Assert.Equal("""{"no_match":"deny","deny_action":"ignore","cache":{"enable":true,"max_size":32,"ttl":"7s","excludes":[]}}""", await settings.Content.ReadAsStringAsync());
        Assert.Equal(("file built_in_database", """{"type":"built_in_database","enable":false,"max_rules":7}"""), await SourcesAsync(client));
        Assert.Equal((200, ""), await PutAsync(client, "authorization { sources = [{type = built_in_database}] }", "?mode=replace"));
        Assert.Equal(("built_in_database", """{"type":"built_in_database","enable":true,"max_rules":100}"""), await SourcesAsync(client));
    }

    private static async Task<(string Types, string Last)> SourcesAsync(HttpClient client)
    {
        using var answer = await client.GetAsync("/api/v5/authorization/sources");
        var sources = (await answer.JsonAsync()).GetProperty("sources").EnumerateArray().ToList();
        return (string.Join(' ', sources.Select(static source => source.GetProperty("type").GetString())), sources[^1].GetRawText());
    }

    private static async Task<(int Status, string Body)> PutAsync(HttpClient client, string text, string query = "")
    {
        using var content = new StringContent(text, Encoding.UTF8, "text/plain");
        using var answer = await client.PutAsync($"/api/v5/configs{query}", content);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
