using System.Net;
using Emqx.Mgmt.Tests.Api.Nodes;
using Xunit;

namespace Emqx.Mgmt.Tests.Web;

/// <summary>What stands at the server's root: a page of its own, or a Dashboard.</summary>
public sealed class RootPageTests
{
    [Fact]
    public async Task The_root_has_a_page_and_unknown_paths_stay_unknown()
    {
        await using var api = await NodeApi.StartAsync();
        Assert.Contains("api-docs", await api.Http.GetStringAsync("/"));
        Assert.Equal(HttpStatusCode.NotFound, (await api.Http.GetAsync("/nosuch")).StatusCode);
    }

    [Theory, InlineData("/"), InlineData("/api-docs/index.html")]
    public async Task The_servers_own_pages_run_nothing_of_others_and_stand_in_no_frame(string page)
    {
        await using var api = await NodeApi.StartAsync();
        var headers = (await api.Http.GetAsync(page)).Headers;
        Assert.Contains("default-src", Assert.Single(headers.GetValues("Content-Security-Policy")));
        Assert.Equal("nosniff", Assert.Single(headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("DENY", Assert.Single(headers.GetValues("X-Frame-Options")));
    }

    [Fact]
    public async Task A_Dashboard_is_served_from_its_folder()
    {
        var folder = Directory.CreateTempSubdirectory("www").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "index.html"), "<html>dashboard</html>");
        await File.WriteAllTextAsync(Path.Combine(folder, "app.js"), "go()");
        await using var api = await NodeApi.StartAsync(variables: ("EMQX_DASHBOARD__STATIC_DIR", folder));
        Assert.Contains("dashboard", await api.Http.GetStringAsync("/"));
        Assert.Equal("text/javascript", (await api.Http.GetAsync("/app.js")).Content.Headers.ContentType!.MediaType);
        Assert.Equal(HttpStatusCode.NotFound, (await api.Http.GetAsync("/nosuch.js")).StatusCode);
        Assert.Equal(NodeApi.Node, (await api.GetAsync("/nodes"))[0].GetProperty("node").GetString());
        Directory.Delete(folder, recursive: true);
    }
}
