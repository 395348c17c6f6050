using System.Net;
using System.Net.Http.Json;
using Emqx.Mgmt.Accounts;
using Emqx.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.ApiKeys;

/// <summary>API keys: their life, and the bootstrap file.</summary>
public sealed class ApiKeysTests
{
    [Fact]
    public async Task The_key_follows_from_the_name_and_the_secret_does_not()
    {
        await using var app = new EmqxApp();
        using var client = await app.WithTokenAsync();
        var first = await CreateAsync(client, "key-4f6fc8996a");
        await client.DeleteAsync("/api/v5/api_key/key-4f6fc8996a");
        var second = await CreateAsync(client, "key-4f6fc8996a");
        Assert.Equal("aca1156ca5bddc6e", first.Key);
        Assert.Equal(first.Key, second.Key);
        Assert.NotEqual(first.Secret, second.Secret);
        Assert.Equal("401 BAD_API_KEY_OR_SECRET", await (await GetAsync(app, first)).FailureAsync());
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(app, second)).StatusCode);
    }

    [Fact]
    public async Task A_change_takes_effect_at_once_and_drops_the_expiry()
    {
        await using var app = new EmqxApp();
        using var client = await app.WithTokenAsync();
        var key = await CreateAsync(client, "k1", "2099-01-01T00:00:00Z");
        var off = await (await client.PutAsJsonAsync("/api/v5/api_key/k1", new { enable = false })).JsonAsync();
        Assert.Equal("infinity", off.GetProperty("expired_at").GetString());
        Assert.Equal("note", off.GetProperty("desc").GetString());
        Assert.False(off.TryGetProperty("api_secret", out _));
        Assert.Equal("401 BAD_API_KEY_OR_SECRET", await (await GetAsync(app, key)).FailureAsync());
        await client.PutAsJsonAsync("/api/v5/api_key/k1", new { enable = true });
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(app, key)).StatusCode);
    }

    [Fact]
    public async Task A_key_ends_at_its_expiry()
    {
        var clock = new ManualClock();
        await using var app = new EmqxApp { Time = clock };
        using var client = await app.WithTokenAsync();
        var key = await CreateAsync(client, "k1", (clock.GetUtcNow().ToUnixTimeSeconds() + 60).ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(app, key)).StatusCode);
        clock.Advance(TimeSpan.FromSeconds(62));
        Assert.Equal("401 BAD_API_KEY_OR_SECRET", await (await GetAsync(app, key)).FailureAsync());
        Assert.True((await (await client.GetAsync("/api/v5/api_key/k1")).JsonAsync()).GetProperty("expired").GetBoolean());
    }

    [Theory]
    [InlineData("""{"desc":"","enable":true}""", "name")]
    [InlineData("""{"name":"k","enable":true}""", "desc")]
    [InlineData("""{"name":"k","desc":""}""", "enable")]
    [InlineData("""{"name":"1k","desc":"","enable":true}""", "name")]
    [InlineData("""{"name":5,"desc":"","enable":true}""", "name")]
    [InlineData("""{"name":"k","desc":"","enable":3}""", "enable")]
    [InlineData("""{"name":"k","desc":"","enable":true,"expired_at":"soon"}""", "expired_at")]
    [InlineData("""{"name":"k","desc":"","enable":true,"expired_at":"2021-13-45T00:00:00Z"}""", "expired_at")]
    public async Task What_does_not_fit_is_named(string body, string field)
    {
        await using var app = new EmqxApp();
        using var client = await app.WithTokenAsync();
        using var answer = await client.PostAsync("/api/v5/api_key", Answers.Json(body));
        Assert.Equal("400 BAD_REQUEST", await answer.FailureAsync());
        Assert.Contains($"\"path\":\"{field}\"", await answer.MessageAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1abc")]
    [InlineData("a%20b")]
    [InlineData("%E6%B5%8B")]
    public async Task A_name_that_could_never_be_is_a_bad_request(string name)
    {
        await using var app = new EmqxApp();
        using var client = await app.WithTokenAsync();
        Assert.Equal("400 BAD_REQUEST", await (await client.GetAsync($"/api/v5/api_key/{name}")).FailureAsync());
        Assert.Equal("404 NOT_FOUND", await (await client.GetAsync("/api/v5/api_key/none")).FailureAsync());
    }

    [Fact]
    public async Task The_first_bad_line_ends_the_bootstrap_file()
    {
        await using var app = new EmqxApp();
        using var client = await app.WithTokenAsync();
        var mine = await CreateAsync(client, "mine");
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, $"\n first:one \nsecond:two:administrator\n{mine.Key}:fresh\nthird:three:viewer\nfourth:four\n");

        await app.Services.GetRequiredService<ApiKeyBootstrap>().LoadAsync(file, CancellationToken.None);

        File.Delete(file);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(app, ("first", "one"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(app, ("second", "two"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(app, (mine.Key, "fresh"))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(app, mine)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(app, ("third", "three"))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(app, ("fourth", "four"))).StatusCode);
        Assert.Equal("404 NOT_FOUND", await (await client.GetAsync("/api/v5/api_key/mine")).FailureAsync());
    }

    private static async Task<(string Key, string Secret)> CreateAsync(HttpClient client, string name, string? expiry = null)
    {
        var made = await (await client.PostAsJsonAsync("/api/v5/api_key", new { name, desc = "note", enable = true, expired_at = expiry })).JsonAsync();
        return (made.GetProperty("api_key").GetString()!, made.GetProperty("api_secret").GetString()!);
    }

    private static async Task<HttpResponseMessage> GetAsync(EmqxApp app, (string Key, string Secret) credentials)
    {
        using var client = app.Anonymous();
        client.DefaultRequestHeaders.Authorization = EmqxApp.Basic(credentials.Key, credentials.Secret);
        return await client.GetAsync("/api/v5/nodes");
    }
}
