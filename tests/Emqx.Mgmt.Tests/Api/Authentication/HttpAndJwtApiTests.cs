using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Authentication;

/// <summary>Authenticators that ask a service or check tokens, as the API shows them.</summary>
public sealed class HttpAndJwtApiTests
{
    private const string Http = "/authentication/password_based:http";
    private const string Jwt = """{"mechanism":"jwt","use_jwks":false,"algorithm":"hmac-based","secret":"top secret"}""";

    [Fact]
    public async Task A_service_is_shown_with_its_defaults_and_how_it_stands()
    {
        await using var api = await AuthnApi.StartAsync();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = listener.LocalEndpoint;
        await api.OkAsync(HttpMethod.Post, "/authentication", $$"""{"mechanism":"password_based","backend":"http","method":"post","url":"http://{{address}}/auth"}""");
        Assert.Equal("connected", (await StatusAsync(api, Http)).GetProperty("status").GetString());
        listener.Stop();
        await api.OkAsync(HttpMethod.Put, Http, $$"""{"mechanism":"password_based","backend":"http","method":"get","url":"http://{{address}}/auth"}""", HttpStatusCode.NoContent);
        var status = await StatusAsync(api, Http);
        Assert.Equal("disconnected", status.GetProperty("status").GetString());
        Assert.Equal("disconnected", status.GetProperty("node_status")[0].GetProperty("status").GetString());
        Assert.Equal(0, status.GetProperty("resource_metrics").GetProperty("matched").GetInt64());
        Assert.Equal("""{"accept":"application/json","cache-control":"no-cache","connection":"keep-alive","keep-alive":"timeout=30, max=1000"}""",
            (await api.Node.GetAsync(Http)).GetProperty("headers").GetRawText());
    }

    [Fact]
    public async Task A_service_that_does_not_answer_lets_nobody_in_and_is_counted()
    {
        await using var api = await AuthnApi.StartAsync();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = listener.LocalEndpoint;
        listener.Stop();
        await api.OkAsync(HttpMethod.Post, "/authentication", $$"""{"mechanism":"password_based","backend":"http","method":"post","url":"http://{{address}}/auth"}""");
        Assert.Equal(0x87, await api.ConnectAsync("ann", "p"));
        var status = await StatusAsync(api, Http);
        Assert.Equal(1, status.GetProperty("metrics").GetProperty("nomatch").GetInt64());
        Assert.Equal((1, 1), (status.GetProperty("resource_metrics").GetProperty("matched").GetInt64(), status.GetProperty("resource_metrics").GetProperty("failed").GetInt64()));
    }

    [Fact]
    public async Task A_secret_is_told_to_who_has_sent_it_alone_and_its_mask_keeps_it()
    {
        await using var api = await AuthnApi.StartAsync();
        Assert.Contains("top secret", await api.OkAsync(HttpMethod.Post, "/authentication", Jwt), StringComparison.Ordinal);
        var shown = (await api.Node.GetAsync("/authentication/jwt")).GetRawText();
        Assert.DoesNotContain("top secret", shown, StringComparison.Ordinal);
        await api.OkAsync(HttpMethod.Put, "/authentication/jwt", shown.Replace("\"id\":\"jwt\",", "", StringComparison.Ordinal), HttpStatusCode.NoContent);
        Assert.Equal(0, await api.ConnectAsync("ann", "eyJhbGciOiJIUzI1NiJ9.e30." + Signature()));
        Assert.Equal("{}", (await StatusAsync(api, "/authentication/jwt")).GetProperty("resource_metrics").GetRawText());
    }

    [Theory]
    [InlineData("""{"mechanism":"jwt","use_jwks":false,"algorithm":"hmac-based","secret":"%%%","secret_base64_encoded":true}""")]
    [InlineData("""{"mechanism":"jwt","use_jwks":false,"algorithm":"public-key","public_key":"no key"}""")]
    [InlineData("""{"mechanism":"jwt","use_jwks":false,"algorithm":"hmac-based","secret":"s","verify_claims":{"exp":"1"}}""")]
    [InlineData("""{"mechanism":"jwt"}""")]
    [InlineData("""{"mechanism":"jwt","backend":"http","use_jwks":false,"algorithm":"hmac-based","secret":"s"}""")]
    [InlineData("""{"mechanism":"password_based","backend":"http","method":"put","url":"http://127.0.0.1/"}""")]
    [InlineData("""{"mechanism":"password_based","backend":"http","method":"post","url":"https://127.0.0.1/"}""")]
    [InlineData("""{"mechanism":"password_based","backend":"http","method":"post","url":"127.0.0.1"}""")]
    [InlineData("""{"mechanism":"password_based","backend":"http","method":"post","url":"http://127.0.0.1/","pool_size":0}""")]
    [InlineData("""{"mechanism":"password_based","backend":"http","method":"post","url":"http://127.0.0.1/","headers":{"transfer-encoding":"chunked"}}""")]
    public async Task What_can_not_work_is_refused_and_nothing_is_kept(string body)
    {
        await using var api = await AuthnApi.StartAsync();
        await api.Node.FailsAsync(HttpMethod.Post, "/authentication", 400, "BAD_REQUEST", body);
        Assert.Equal("", await api.ChainAsync());
    }

    private static string Signature() => System.Buffers.Text.Base64Url.EncodeToString(
        System.Security.Cryptography.HMACSHA256.HashData("top secret"u8, "eyJhbGciOiJIUzI1NiJ9.e30"u8));

    private static Task<JsonElement> StatusAsync(AuthnApi api, string path) => api.Node.GetAsync($"{path}/status");
}
