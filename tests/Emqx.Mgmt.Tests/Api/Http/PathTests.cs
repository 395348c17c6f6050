using System.Net;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Http;

/// <summary>Paths and methods, before credentials and bodies matter.</summary>
public sealed class PathTests(EmqxApp app) : IClassFixture<EmqxApp>
{
    [Theory]
    [InlineData("application/json", "application/json")]
    [InlineData("text/plain", "text/plain")]
    [InlineData("text/html", "text/html")]
    [InlineData("image/png", "text/html")]
    public async Task An_unknown_path_is_404_in_the_form_that_accept_names(string accept, string type)
    {
        using var client = app.Anonymous();
        client.DefaultRequestHeaders.Add("Accept", accept);

        using var answer = await client.PostAsync("/api/v5/no_such_thing", null);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains(type == "application/json" ? "Request Path Not Found" : "404 - NOT FOUND", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/v5/Status")]
    [InlineData("/API/v5/status")]
    [InlineData("/api/v5//status")]
    [InlineData("/api/v5/status//")]
    [InlineData("/api/v5/%2Fstatus")]
    public async Task A_path_is_exact(string path)
    {
        using var client = app.Anonymous();
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(path)).StatusCode);
    }

    [Theory]
    [InlineData("/api/v5/status/")]
    [InlineData("/api/v5/%73tatus")]
    public async Task A_trailing_slash_and_needless_encoding_do_not_matter(string path)
    {
        using var client = app.Anonymous();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(path)).StatusCode);
    }

    [Theory]
    [InlineData("a%2Fb", "a/b")]
    [InlineData("a%3Ab%20c", "a:b c")]
    [InlineData("a+b", "a+b")]
    [InlineData("%E6%B5%8B", "测")]
    public async Task A_segment_is_decoded_once(string encoded, string text)
    {
        using var client = app.Anonymous();
        using var answer = await client.GetAsync($"/api/v5/error_codes/{encoded}");
        Assert.EndsWith($" {text}", await answer.MessageAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_a_bad_request()
    {
        using var client = app.Anonymous();
        Assert.Equal("400 BAD_REQUEST", await (await client.GetAsync("/api/v5/error_codes/%FF")).FailureAsync());
    }

    [Theory]
    [InlineData("POST", "/api/v5/status", "GET")]
    [InlineData("PATCH", "/api/v5/clients", "GET")]
    [InlineData("HEAD", "/api/v5/clients", "GET")]
    [InlineData("OPTIONS", "/api/v5/clients", "GET")]
    [InlineData("GET", "/api/v5/publish", "POST")]
    [InlineData("GET", "/api/v5/users/admin", "DELETE, PUT")]
    [InlineData("PUT", "/api/v5/banned", "DELETE, GET, POST")]
    public async Task A_method_that_the_path_lacks_is_405_without_credentials(string method, string path, string allow)
    {
        using var client = app.Anonymous();
        using var request = new HttpRequestMessage(new(method), path);

        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(allow, string.Join(", ", answer.Content.Headers.Allow));
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Trace_is_not_implemented()
    {
        using var client = app.Anonymous();
        using var request = new HttpRequestMessage(HttpMethod.Trace, "/api/v5/status");
        Assert.Equal(HttpStatusCode.NotImplemented, (await client.SendAsync(request)).StatusCode);
    }
}
