using System.Net;
using System.Text;
using Emqx.Mgmt.Tests.Api.Nodes;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Plugins;

/// <summary>Plugins and upgrades, of which there are none: what EMQX says on a node without.</summary>
public sealed class PluginsTests
{
    private static async Task<string> UploadAsync(NodeApi api, string path, string field, string file)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(Encoding.ASCII.GetBytes(new string('x', 100_000))), field, file } };
        using var answer = await api.Http.PostAsync("/api/v5" + path, form);
        return await answer.FailureAsync();
    }

    [Fact]
    public async Task There_are_no_plugins()
    {
        await using var api = await NodeApi.StartAsync();
        Assert.Equal((HttpStatusCode.OK, "[]"), await api.SendAsync(HttpMethod.Get, "/plugins"));
        Assert.Equal("nosuch-1.0.0", await api.FailsAsync(HttpMethod.Get, "/plugins/nosuch-1.0.0", 404, "NOT_FOUND"));
        await api.FailsAsync(HttpMethod.Delete, "/plugins/nosuch-1.0.0", 404, "NOT_FOUND");
        await api.FailsAsync(HttpMethod.Get, "/plugins/nosuch-1.0.0/config", 404, "NOT_FOUND");
        await api.FailsAsync(HttpMethod.Put, "/plugins/nosuch-1.0.0/config", 404, "NOT_FOUND", """{"a":1}""");
        await api.FailsAsync(HttpMethod.Get, "/plugins/nosuch-1.0.0/schema", 404, "NOT_FOUND");
        Assert.Equal(HttpStatusCode.NoContent, (await api.SendAsync(HttpMethod.Put, "/plugins/nosuch-1.0.0/start")).Status);
    }

    [Theory]
    [InlineData("1abc")]
    [InlineData("-abc")]
    [InlineData("a%20b")]
    [InlineData("a%2Fb")]
    public async Task A_name_is_checked(string name)
    {
        await using var api = await NodeApi.StartAsync();
        foreach (var path in (string[])["", "/config", "/schema"])
            await api.FailsAsync(HttpMethod.Get, $"/plugins/{name}{path}", 400, "BAD_REQUEST");
        await api.FailsAsync(HttpMethod.Get, "/plugins/" + new string('a', 257), 400, "BAD_REQUEST");
        await api.FailsAsync(HttpMethod.Put, "/plugins/nosuch-1.0.0/restart", 400, "BAD_REQUEST");
    }

    [Theory]
    [InlineData("""{"position":"front"}""", "MOVE_FAILED")]
    [InlineData("""{"position":"rear"}""", "MOVE_FAILED")]
    [InlineData("""{"position":"before:other-1.0.0"}""", "MOVE_FAILED")]
    [InlineData("""{"position":"after:other-1.0.0"}""", "MOVE_FAILED")]
    [InlineData("""{"position":"middle"}""", "BAD_POSITION")]
    [InlineData("""{"position":"before"}""", "BAD_POSITION")]
    [InlineData("""{"position":"before:"}""", "BAD_POSITION")]
    [InlineData("""{"position":"after:a-1"}""", "BAD_POSITION")]
    [InlineData("{}", "BAD_POSITION")]
    [InlineData("""{"position":{}}""", "BAD_REQUEST")]
    public async Task Nothing_can_be_moved(string body, string code)
    {
        await using var api = await NodeApi.StartAsync();
        await api.FailsAsync(HttpMethod.Post, "/plugins/a-1/move", 400, code, body);
    }

    [Fact]
    public async Task No_package_is_installed_whatever_its_name_and_form()
    {
        await using var api = await NodeApi.StartAsync();
        Assert.Equal("403 FORBIDDEN", await UploadAsync(api, "/plugins/install", "plugin", "some_plugin-1.0.0.tar.gz"));
        Assert.Equal("403 FORBIDDEN", await UploadAsync(api, "/plugins/install", "plugin", "../../etc/x-1.0.0.tar.gz"));
        Assert.Equal("400 BAD_PLUGIN_INFO", await UploadAsync(api, "/plugins/install", "plugin", "someplugin.tar.gz"));
        Assert.Equal("400 BAD_FORM_DATA", await UploadAsync(api, "/plugins/install", "file", "some_plugin-1.0.0.tar.gz"));
        await api.FailsAsync(HttpMethod.Post, "/plugins/install", 400, "BAD_FORM_DATA", "{}");
        await api.FailsAsync(HttpMethod.Get, "/plugins/some_plugin-1.0.0", 404, "NOT_FOUND");
    }

    [Theory]
    [InlineData("multipart/form-data")]
    [InlineData("multipart/form-data; boundary=")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("multipart/mixed; boundary=x")]
    public async Task A_form_that_is_none_has_no_package(string type)
    {
        await using var api = await NodeApi.StartAsync();
        using var content = new ByteArrayContent("--y\r\n\r\n\r\nplugin"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var answer = await api.Http.PostAsync("/api/v5/plugins/install", content);
        Assert.Equal("400 BAD_FORM_DATA", await answer.FailureAsync());
    }

    [Fact]
    public async Task Every_node_is_idle_and_there_is_no_package_to_upgrade_with()
    {
        await using var api = await NodeApi.StartAsync();
        const string Idle = $$"""{"node":"{{NodeApi.Node}}","status":"idle","role":"core","live_connections":0,"current_vsn":"5.8.9","upgrade_history":[]}""";
        Assert.Equal((HttpStatusCode.OK, $"[{Idle}]"), await api.SendAsync(HttpMethod.Get, "/relup/status"));
        Assert.Equal((HttpStatusCode.OK, Idle), await api.SendAsync(HttpMethod.Get, "/relup/status/" + NodeApi.Node));
        await api.FailsAsync(HttpMethod.Get, "/relup/status/other@host", 404, "NOT_FOUND");
        await api.FailsAsync(HttpMethod.Get, "/relup/package", 404, "NOT_FOUND");
        Assert.Equal(HttpStatusCode.NoContent, (await api.SendAsync(HttpMethod.Delete, "/relup/package")).Status);
        await api.FailsAsync(HttpMethod.Post, "/relup/upgrade", 400, "BAD_REQUEST");
        await api.FailsAsync(HttpMethod.Post, "/relup/upgrade/" + NodeApi.Node, 400, "BAD_REQUEST");
        Assert.Equal("400 BAD_REQUEST", await UploadAsync(api, "/relup/package/upload", "plugin", "other-1.0.0.tar.gz"));
        Assert.Equal("403 FORBIDDEN", await UploadAsync(api, "/relup/package/upload", "plugin", "emqx_relup-5.8.9.tar.gz"));
        await api.FailsAsync(HttpMethod.Post, "/relup/package/upload", 400, "BAD_REQUEST", "{}");
    }

    [Theory]
    [InlineData("GET", "/opentelemetry")]
    [InlineData("PUT", "/opentelemetry")]
    [InlineData("GET", "/opentelemetry/whitelist/clientid")]
    [InlineData("GET", "/psk")]
    public async Task What_EMQX_s_open_source_edition_lacks_is_not_here(string method, string path)
    {
        await using var api = await NodeApi.StartAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await api.SendAsync(new HttpMethod(method), path, method == "PUT" ? "{}" : null)).Status);
    }
}
