using System.Net;
using System.Text.Json;
using Emqx.Mgmt.Tests.Api.Nodes;
using Xunit;
using static Emqx.Mgmt.Tests.Api.Contracts.FieldKinds;

namespace Emqx.Mgmt.Tests.Api.Banned;

/// <summary>Bans as the API makes, shows and filters them.</summary>
public sealed class BannedTests
{
    [Fact]
    public async Task The_Dashboard_lists_bans_and_makes_them_with_until_null()
    {
        await using var api = await NodeApi.StartAsync();
        var (status, body) = await api.SendAsync(HttpMethod.Post, "/banned", """{"as":"clientid","who":"c1","reason":"","until":null}""");
        Assert.Equal(HttpStatusCode.OK, status);
        var ban = JsonDocument.Parse(body).RootElement;
        Texts(ban, "as who by reason at until");
        Assert.Equal("infinity", ban.GetProperty("until").GetString());
        var old = await api.FailsAsync(HttpMethod.Post, "/banned", 400, "ALREADY_EXISTS", """{"as":"clientid","who":"c1","until":"infinity"}""");
        Assert.Equal(body, old);
        var page = await api.GetAsync("/banned?limit=20&page=1");
        Assert.Equal("""{"page":1,"limit":20,"count":1}""", page.GetProperty("meta").GetRawText());
        Assert.Equal(HttpStatusCode.NoContent, (await api.SendAsync(HttpMethod.Delete, "/banned/clientid/c1")).Status);
        await api.FailsAsync(HttpMethod.Delete, "/banned/clientid/c1", 404, "NOT_FOUND");
        await api.FailsAsync(HttpMethod.Get, "/banned?clientid=a&username=b", 400, "BAD_REQUEST");
    }

    [Theory]
    [InlineData("clientid=c1", "c1")]
    [InlineData("clientid=c", "")]
    [InlineData("username=u1", "u1")]
    [InlineData("peerhost=203.0.113.81", "203.0.113.81")]
    [InlineData("peerhost=%3A%3Affff%3A203.0.113.81", "203.0.113.81")]
    [InlineData("like_clientid=c", "c1 c2 c[0-9]")]
    [InlineData("like_clientid=c%5Cd", "c1 c2")]
    [InlineData("like_clientid=u", "")]
    [InlineData("like_username=u", "^u u1")]
    [InlineData("like_peerhost=203.0.113.8", "203.0.113.81 203.0.113.82")]
    [InlineData("like_peerhost=198.51", "")]
    [InlineData("like_peerhost_net=198.51", "198.51.100.0/25")]
    public async Task A_filter_selects_bans_of_its_kind(string filter, string expected)
    {
        await using var api = await StartAsync();
        var page = await api.GetAsync("/banned?" + filter);
        Assert.Equal(expected, string.Join(' ', Who(page).Order(StringComparer.Ordinal)));
        Assert.False(page.GetProperty("meta").GetProperty("hasnext").GetBoolean());
        Assert.Equal(filter.StartsWith("like", StringComparison.Ordinal), !page.GetProperty("meta").TryGetProperty("count", out _));
    }

    [Fact]
    public async Task A_search_is_paged_without_a_count()
    {
        await using var api = await StartAsync();
        List<string> seen = [];
        for (var number = 1; number <= 3; number++)
        {
            var page = await api.GetAsync($"/banned?like_clientid=c&limit=1&page={number}");
            seen.Add(Assert.Single(Who(page)));
            Assert.Equal(number < 3, page.GetProperty("meta").GetProperty("hasnext").GetBoolean());
        }

        Assert.Equal(["c1", "c2", "c[0-9]"], seen.Order(StringComparer.Ordinal));
        Assert.Empty(Who(await api.GetAsync("/banned?like_clientid=c&limit=1&page=4")));
    }

    [Theory]
    [InlineData("clientid=a&username=b", "too_many_filters")]
    [InlineData("clientid=a&like_username=b", "too_many_filters")]
    [InlineData("like_clientid=a&like_peerhost_net=b", "too_many_filters")]
    [InlineData("peerhost=nowhere", "bad peerhost")]
    [InlineData("like_clientid=%28", "(")]
    public async Task A_wrong_filter_is_a_400_that_says_why(string query, string why)
    {
        await using var api = await NodeApi.StartAsync();
        Assert.Contains(why, await api.FailsAsync(HttpMethod.Get, "/banned?" + query, 400, "BAD_REQUEST"), StringComparison.Ordinal);
    }

    private static async Task<NodeApi> StartAsync()
    {
        var api = await NodeApi.StartAsync();
        foreach (var (kind, who) in ((string, string)[])[("clientid", "c1"), ("clientid", "c2"), ("clientid_re", "c[0-9]"), ("username", "u1"), ("username_re", "^u"),
            ("peerhost", "203.0.113.81"), ("peerhost", "203.0.113.82"), ("peerhost_net", "198.51.100.7/25")])
        {
            var (status, body) = await api.SendAsync(HttpMethod.Post, "/banned", $$"""{"as":"{{kind}}","who":"{{who}}"}""");
            Assert.True(status == HttpStatusCode.OK, body);
        }

        return api;
    }

    private static string[] Who(JsonElement page) => [.. page.GetProperty("data").EnumerateArray().Select(ban => ban.GetProperty("who").GetString()!)];
}
