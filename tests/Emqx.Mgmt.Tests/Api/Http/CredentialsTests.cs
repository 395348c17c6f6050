using System.Net;
using Xunit;
using static Emqx.Mgmt.Tests.Answers;

namespace Emqx.Mgmt.Tests.Api.Http;

/// <summary>Which credentials open what, and how the others are refused.</summary>
public sealed class CredentialsTests(EmqxApp app) : IClassFixture<EmqxApp>
{
    private const string Challenge = "Basic realm=\"emqx-dashboard\"";

    [Theory]
    [InlineData(null, "401 AUTHORIZATION_HEADER_ERROR", true)]
    [InlineData("Digest username=\"a\"", "401 AUTHORIZATION_HEADER_ERROR", true)]
    [InlineData("Basic dW5rbm93bjpzZWNyZXQ=", "401 BAD_API_KEY_OR_SECRET", true)]
    [InlineData("basic dW5rbm93bjpzZWNyZXQ=", "401 BAD_API_KEY_OR_SECRET", true)]
    [InlineData("Basic dGVzdC1rZXk6d3Jvbmc=", "401 BAD_API_KEY_OR_SECRET", true)]
    [InlineData("Basic dGVzdC1rZXk6", "401 BAD_API_KEY_OR_SECRET", true)]
    [InlineData("Basic YWRtaW46cHVibGlj", "401 BAD_API_KEY_OR_SECRET", true)]
    [InlineData("Bearer undefined", "401 BAD_TOKEN", false)]
    [InlineData("bearer eyJhbGciOiJub25lIn0.eyJpc3MiOiJFTVFYIn0.", "401 BAD_TOKEN", false)]
    public async Task Wrong_credentials_are_refused_with_their_own_code(string? header, string failure, bool challenges)
    {
        using var answer = await GetAsync("/api/v5/nodes", header);
        Assert.Equal(failure, await answer.FailureAsync());
        Assert.Equal(challenges, answer.Headers.TryGetValues("WWW-Authenticate", out var values) && values.Single().Equals(Challenge, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("Basic !!!")]
    [InlineData("Basic")]
    [InlineData("Bearer")]
    [InlineData("Bearer a b")]
    [InlineData("Basic YWJj")]
    [InlineData("nonsense")]
    public async Task A_malformed_header_is_400_without_a_body(string header)
    {
        using var answer = await GetAsync("/api/v5/nodes", header);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("GET", "/api/v5/api_key", "api_key")]
    [InlineData("PUT", "/api/v5/api_key/x", "api_key")]
    [InlineData("DELETE", "/api/v5/./users/x", "users")]
    [InlineData("POST", "/api/v5/logout", "logout")]
    public async Task Operations_closed_to_api_keys_say_so_before_they_look_at_the_key(string method, string path, string group)
    {
        using var client = app.Anonymous();
        client.DefaultRequestHeaders.Authorization = EmqxApp.Basic("no", "such");
        using var request = new HttpRequestMessage(new(method), path);
        using var answer = await client.SendAsync(request);
        Assert.Equal("401 API_KEY_NOT_ALLOW", await answer.FailureAsync());
        Assert.Contains($" {group} ", await answer.MessageAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/v5/status")]
    [InlineData("/status")]
    [InlineData("/api/v5/error_codes")]
    [InlineData("/api-docs/swagger.json")]
    public async Task Open_operations_ignore_wrong_credentials(string path)
    {
        foreach (var header in (string?[])[null, "Bearer wrong", "Basic bm86bm8=", "nonsense"])
            Assert.Equal(HttpStatusCode.OK, (await GetAsync(path, header)).StatusCode);
    }

    [Fact]
    public async Task Either_kind_opens_the_rest()
    {
        using var key = app.WithKey();
        using var token = await app.WithTokenAsync();
        Assert.Equal(HttpStatusCode.OK, (await key.GetAsync("/api/v5/nodes")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await token.GetAsync("/api/v5/nodes")).StatusCode);
    }

    [Fact]
    public async Task Credentials_come_before_the_body_and_before_existence()
    {
        using var client = app.Anonymous();
        Assert.Equal("401 AUTHORIZATION_HEADER_ERROR", await (await client.PostAsync("/api/v5/banned", Json("{"))).FailureAsync());
        Assert.Equal("401 AUTHORIZATION_HEADER_ERROR", await (await client.GetAsync("/api/v5/clients/none")).FailureAsync());
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string? header)
    {
        using var client = app.Anonymous();
        if (header is not null)
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", header);
        return await client.GetAsync(path);
    }
}
