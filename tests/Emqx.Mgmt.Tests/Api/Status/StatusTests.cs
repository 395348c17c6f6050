using System.Net;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Status;

/// <summary>The status in its two places.</summary>
public sealed class StatusTests(EmqxApp app) : IClassFixture<EmqxApp>
{
    [Theory]
    [InlineData("/status")]
    [InlineData("/api/v5/status?format=JSON")]
    [InlineData("/api/v5/status?format=")]
    public async Task Any_format_but_json_is_text(string path)
    {
        using var client = app.Anonymous();
        using var answer = await client.GetAsync(path);
        Assert.Equal("text/plain", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("15", answer.Headers.GetValues("Retry-After").Single());
        Assert.Matches("^Node .+@.+ is started\nemqx is running$", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Json_names_node_and_release()
    {
        using var client = app.Anonymous();
        var status = await (await client.GetAsync("/api/v5/status?format=json")).JsonAsync();
        Assert.Equal(("v5.8.9", "started", "running"),
            (status.GetProperty("rel_vsn").GetString(), status.GetProperty("broker_status").GetString(), status.GetProperty("app_status").GetString()));
    }

    [Fact]
    public async Task The_one_at_the_root_takes_any_method()
    {
        using var client = app.Anonymous();
        Assert.Equal(HttpStatusCode.OK, (await client.PutAsync("/status", null)).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await client.PutAsync("/api/v5/status", null)).StatusCode);
    }
}
