using System.Net;
using System.Text.Json;
using Emqx.Mgmt.Tests.Api.Nodes;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Authorization;

/// <summary>The settings of authorization, and the caches.</summary>
public sealed class AuthorizationSettingsTests
{
    private const string Path = "/authorization/settings";
    private const string Defaults = """{"no_match":"allow","deny_action":"ignore","cache":{"enable":true,"max_size":32,"ttl":"1m","excludes":[]}}""";

    [Fact]
    public async Task They_are_shown_and_changed_and_times_stay_as_they_are_written()
    {
        await using var api = await NodeApi.StartAsync();
        Assert.Equal(Defaults, (await api.GetAsync(Path)).GetRawText());
        const string wanted = """{"no_match":"deny","deny_action":"disconnect","cache":{"enable":false,"max_size":33,"ttl":"61s","excludes":["a/#"]}}""";
        Assert.Equal((HttpStatusCode.OK, wanted), await api.SendAsync(HttpMethod.Put, Path, wanted));
        Assert.Equal(wanted, (await api.GetAsync(Path)).GetRawText());
        Assert.Equal((HttpStatusCode.OK, Defaults), await api.SendAsync(HttpMethod.Put, Path, """{"cache":{"enable":true},"nothing":1,"sources":[]}"""));
        Assert.Single((await api.GetAsync("/authorization/sources")).GetProperty("sources").EnumerateArray());
    }

    [Theory]
    [InlineData("{}", "cache")]
    [InlineData("""{"no_match":"allow","deny_action":"ignore"}""", "cache")]
    [InlineData("""{"no_match":"perhaps","cache":{}}""", "no_match")]
    [InlineData("""{"deny_action":"kick","cache":{}}""", "deny_action")]
    [InlineData("""{"cache":{"max_size":0}}""", "cache.max_size")]
    [InlineData("""{"cache":{"max_size":1048577}}""", "cache.max_size")]
    [InlineData("""{"cache":{"ttl":"soon"}}""", "cache.ttl")]
    [InlineData("""{"cache":{"enable":"x"}}""", "cache.enable")]
    [InlineData("""{"cache":{"excludes":"a"}}""", "cache.excludes")]
    [InlineData("""{"cache":{"nothing":1}}""", "cache")]
    public async Task Wrong_ones_are_told_by_their_path_and_change_nothing(string body, string path)
    {
        await using var api = await NodeApi.StartAsync();
        var told = JsonDocument.Parse(await api.FailsAsync(HttpMethod.Put, Path, 400, "BAD_REQUEST", body)).RootElement;
        Assert.Equal(path, told.GetProperty("path").GetString());
        Assert.Equal(Defaults, (await api.GetAsync(Path)).GetRawText());
    }

    [Theory]
    [InlineData("[]", "400 BAD_REQUEST")]
    [InlineData("{", "400 BAD_REQUEST")]
    [InlineData("\"text\"", "415 UNSUPPORTED_MEDIA_TYPE")]
    public async Task Another_body_is_refused(string body, string failure)
    {
        await using var api = await NodeApi.StartAsync();
        var (status, answer) = await api.SendAsync(HttpMethod.Put, Path, body);
        Assert.Equal(failure, $"{(int)status} {JsonDocument.Parse(answer).RootElement.GetProperty("code").GetString()}");
    }

    [Fact]
    public async Task The_caches_are_cleaned_with_an_empty_answer()
    {
        await using var api = await NodeApi.StartAsync();
        Assert.Equal((HttpStatusCode.NoContent, ""), await api.SendAsync(HttpMethod.Delete, "/authorization/cache"));
    }
}
