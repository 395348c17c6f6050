using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Emqx.Mgmt.Tests.Api.Nodes;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Whole;

/// <summary>A backup brings everything that was set and stored: an empty server that has taken it shows what the other one shows.</summary>
public sealed class BackupOfEverythingTests : IDisposable
{
    /// <summary>What a node says of itself, of its clients and of what it has seen, which no backup brings, as in EMQX; and the backup files.</summary>
    private static readonly string[] s_ofTheNode =
    [
        "/nodes", "/stats", "/metrics", "/monitor", "/clients", "/sessions_count", "/alarms", "/trace", "/prometheus/", "/relup/status", "/data/files",
    ];

    private readonly string _data = Directory.CreateTempSubdirectory("emqx-whole").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task An_empty_server_shows_the_same_after_an_import()
    {
        await using var first = await FilledServer.StartAsync(Path.Combine(_data, "first"));
        await FilledServer.FillAsync(first);
        var before = await WholeApi.ReadAsync(first, IsKept);
        Assert.InRange(before.Count, 40, 1000);
        Assert.Contains(before.Keys, static path => path.StartsWith("/mqtt/delayed/messages/", StringComparison.Ordinal));
        var export = await first.SendAsync(HttpMethod.Post, "/data/export", "{}");
        Assert.Equal(HttpStatusCode.OK, export.Status);
        var name = JsonDocument.Parse(export.Body).RootElement.GetProperty("filename").GetString()!;
        var archive = await first.Http.GetByteArrayAsync($"/api/v5/data/files/{name}");

        await using var second = await FilledServer.StartAsync(Path.Combine(_data, "second"));
        await UploadAsync(second, name, archive);
        await ImportAsync(second, name);
        var after = await WholeApi.ReadAsync(second, IsKept);
        Assert.Equal(before.Keys, after.Keys);
        Assert.All(before, answer => Assert.Equal($"{answer.Key} {Anywhere(answer.Value, "first")}", $"{answer.Key} {Anywhere(after[answer.Key], "second")}"));

        // What has come is there to stay: a second import finds the same and changes nothing.
        await ImportAsync(second, name);
        Assert.Equal(after, await WholeApi.ReadAsync(second, IsKept));
    }

    [Fact]
    public async Task What_is_left_out_of_the_comparison_is_there()
    {
        await using var api = await FilledServer.StartAsync();
        var paths = (await DescribedOperation.AllAsync(api)).Where(static one => one.Method == "GET").Select(static one => one.Path).ToList();
        Assert.All(s_ofTheNode, left => Assert.Contains(paths, path => path.StartsWith(left, StringComparison.Ordinal)));
    }

    /// <summary>An answer without the one thing that has to differ: the server's folder.</summary>
    private string Anywhere(string answer, string folder) => answer.Replace(Path.Combine(_data, folder), "DATA", StringComparison.Ordinal);

    private static bool IsKept(string path) => !Array.Exists(s_ofTheNode, left => path.StartsWith(left, StringComparison.Ordinal));

    private static async Task UploadAsync(NodeApi api, string name, byte[] archive)
    {
        using var content = new ByteArrayContent(archive);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var form = new MultipartFormDataContent { { content, "filename", name } };
        using var put = await api.Http.PostAsync("/api/v5/data/files", form);
        Assert.True(put.StatusCode == HttpStatusCode.NoContent, await put.Content.ReadAsStringAsync());
    }

    private static async Task ImportAsync(NodeApi api, string name)
    {
        var (status, body) = await api.SendAsync(HttpMethod.Post, "/data/import", $$"""{"filename":"{{name}}"}""");
        Assert.True(status == HttpStatusCode.NoContent, body);

        // The user that has logged in is the archive's now, and all its tokens have ended.
        var (_, login) = await api.SendAsync(HttpMethod.Post, "/login", """{"username":"admin","password":"public"}""");
        api.Http.DefaultRequestHeaders.Authorization = new("Bearer", JsonDocument.Parse(login).RootElement.GetProperty("token").GetString());
    }
}
