using System.Net;
using System.Text;
using System.Text.Json;
using Emqx.Broker.Cluster;
using Emqx.Broker.Storage.Backups;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.DataBackup;

/// <summary>Backup files are listed, read and deleted, and nothing else is.</summary>
public sealed class BackupFilesTests : IDisposable
{
    private const string Node = "emqx@127.0.0.1";
    private const string Path = "/api/v5/data/files";
    private static readonly DateTime s_second = new(2026, 11, 22, 19, 23, 45, DateTimeKind.Utc);

    private readonly string _data = Directory.CreateTempSubdirectory("emqx-backup").FullName;
    private readonly EmqxApp _app;

    public BackupFilesTests() => _app = new EmqxApp
    {
        With = services => services.Replace(ServiceDescriptor.Singleton<IBackupStore>(new BackupFolder(new NodeIdentity(Node, 0, _data), TimeProvider.System))),
    };

    public void Dispose()
    {
        _app.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task Files_are_listed_newest_first_then_by_name()
    {
        Put("old.tar.gz", "1", s_second);
        Put("a.tar.gz", "22", s_second.AddSeconds(1));
        Put("b.tar.gz", "333", s_second.AddSeconds(1.9));
        Put("c.tar.gz", "4444", s_second.AddSeconds(1.2));
        Put("note.txt", "no backup", s_second.AddSeconds(9));
        Directory.CreateDirectory(File("folder.tar.gz"));

        var list = await List("");
        Assert.Equal(["c.tar.gz", "b.tar.gz", "a.tar.gz", "old.tar.gz"], Names(list));
        Assert.Equal("""{"page":1,"limit":100,"count":4,"hasnext":false}""", list.GetProperty("meta").ToString());
        var last = list.GetProperty("data")[3];
        Assert.Equal(["created_at", "created_at_sec", "filename", "node", "size"], last.EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal));
        Assert.Equal((1, Node, 1795375425), (last.GetProperty("size").GetInt32(), last.GetProperty("node").GetString(), last.GetProperty("created_at_sec").GetInt64()));
        Assert.Equal(s_second, DateTimeOffset.Parse(last.GetProperty("created_at").GetString()!, null).UtcDateTime);
    }

    [Fact]
    public async Task Files_are_paged()
    {
        for (var i = 0; i < 3; i++)
            Put($"{i}.tar.gz", "", s_second);
        var (first, second, third) = (await List("?limit=2"), await List("?limit=2&page=2"), await List("?limit=2&page=3"));
        Assert.Equal(["2.tar.gz", "1.tar.gz"], Names(first));
        Assert.Equal(["0.tar.gz"], Names(second));
        Assert.Empty(Names(third));
        Assert.Equal(new[] { true, false, false }, new[] { first, second, third }.Select(page => page.GetProperty("meta").GetProperty("hasnext").GetBoolean()));
    }

    [Fact]
    public async Task Without_a_folder_there_are_no_files()
    {
        Assert.Empty(Names(await List("")));
        var kept = new BackupFolder(new NodeIdentity(Node, 0, ":memory:"), TimeProvider.System);
        Assert.Empty(await kept.ListAsync(default));
        Assert.Equal(BackupOutcome.UnknownFile, await kept.DeleteAsync(null, "a.tar.gz", default));
    }

    [Theory]
    [InlineData("page=0")]
    [InlineData("page=x")]
    [InlineData("limit=10001")]
    public async Task A_page_is_checked(string query)
    {
        using var client = _app.WithKey();
        Assert.Equal("400 BAD_REQUEST", await (await client.GetAsync($"{Path}?{query}")).FailureAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("?node=" + Node)]
    public async Task A_file_is_read_and_deleted(string query)
    {
        Put("a b.tar.gz", "content", s_second);
        using var client = _app.WithKey();
        using var answer = await client.GetAsync($"{Path}/a%20b.tar.gz{query}");
        Assert.Equal((HttpStatusCode.OK, "application/octet-stream", 7),
            (answer.StatusCode, answer.Content.Headers.ContentType!.ToString(), answer.Content.Headers.ContentLength));
        Assert.Equal("content", await answer.Content.ReadAsStringAsync());

        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync($"{Path}/a%20b.tar.gz{query}")).StatusCode);
        Assert.Equal("404 NOT_FOUND", await (await client.DeleteAsync($"{Path}/a%20b.tar.gz{query}")).FailureAsync());
        Assert.Equal("404 NOT_FOUND", await (await client.GetAsync($"{Path}/a%20b.tar.gz{query}")).FailureAsync());
    }

    [Fact]
    public async Task An_unknown_node_has_no_files()
    {
        Put("a.tar.gz", "content", s_second);
        using var client = _app.WithKey();
        Assert.Equal("400 BAD_REQUEST", await (await client.GetAsync($"{Path}/a.tar.gz?node=nobody@127.0.0.1")).FailureAsync());
        Assert.Equal("400 BAD_REQUEST", await (await client.DeleteAsync($"{Path}/a.tar.gz?node=nobody@127.0.0.1")).FailureAsync());
        Assert.True(System.IO.File.Exists(File("a.tar.gz")));
    }

    [Theory]
    [InlineData("x.zip")]
    [InlineData("noextension")]
    [InlineData("x.tar.gz.zip")]
    [InlineData("..%2Fx.tar.gz")]
    [InlineData("..%5Cx.tar.gz")]
    [InlineData("a%2Fb.tar.gz")]
    [InlineData("%2Fetc%2Fx.tar.gz")]
    [InlineData("%2E%2E%2Fx.tar.gz")]
    public async Task Other_names_are_refused(string name)
    {
        Put("x.zip", "kept", s_second);
        System.IO.File.WriteAllText(System.IO.Path.Combine(_data, "x.tar.gz"), "kept");
        using var client = _app.WithKey();
        Assert.Equal("400 BAD_REQUEST", await (await client.GetAsync($"{Path}/{name}")).FailureAsync());
        Assert.Equal("400 BAD_REQUEST", await (await client.DeleteAsync($"{Path}/{name}")).FailureAsync());
        Assert.True(System.IO.File.Exists(System.IO.Path.Combine(_data, "x.tar.gz")) && System.IO.File.Exists(File("x.zip")));
    }

    [Fact]
    public async Task A_link_or_a_folder_is_no_backup()
    {
        Put("a.tar.gz", "", s_second);
        var outside = System.IO.Path.Combine(_data, "secret");
        System.IO.File.WriteAllText(outside, "secret");
        System.IO.File.CreateSymbolicLink(File("link.tar.gz"), outside);
        Directory.CreateDirectory(File("folder.tar.gz"));
        using var client = _app.WithKey();
        Assert.Equal(["a.tar.gz"], Names(await List("")));
        foreach (var name in new[] { "link.tar.gz", "folder.tar.gz", new string('x', 300) + ".tar.gz" })
        {
            Assert.Equal("404 NOT_FOUND", await (await client.GetAsync($"{Path}/{name}")).FailureAsync());
            Assert.Equal("404 NOT_FOUND", await (await client.DeleteAsync($"{Path}/{name}")).FailureAsync());
        }
    }

    private string File(string name) => System.IO.Path.Combine(_data, "backup", name);

    private void Put(string name, string content, DateTime writtenAt)
    {
        Directory.CreateDirectory(System.IO.Path.Combine(_data, "backup"));
        System.IO.File.WriteAllText(File(name), content, Encoding.ASCII);
        System.IO.File.SetLastWriteTimeUtc(File(name), writtenAt);
    }

    private async Task<JsonElement> List(string query)
    {
        using var client = _app.WithKey();
        using var answer = await client.GetAsync(Path + query);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.JsonAsync();
    }

    private static string[] Names(JsonElement page) => [.. page.GetProperty("data").EnumerateArray().Select(file => file.GetProperty("filename").GetString()!)];
}
