using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Emqx.Broker.Cluster;
using Emqx.Broker.Storage.Backups;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.DataBackup;

/// <summary>What is exported and put into an empty server makes it answer the same; what cannot be put back is refused or told.</summary>
public sealed class BackupRoundTripTests : IDisposable
{
    private const string Meta = "edition = ce\nversion = \"5.8.9\"\n";

    /// <summary>Everything that a backup brings along is shown by one of these.</summary>
    private static readonly string[] s_shown =
    [
        "configs", "configs/global_zone", "configs/alarm", "configs/sysmon", "listeners", "banned", "api_key", "users", "mqtt/retainer", "mqtt/retainer/messages", "mqtt/retainer/message/kept%2Fa",
    ];

    private readonly string _data = Directory.CreateTempSubdirectory("emqx-backup").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task An_empty_server_answers_the_same_after_an_import()
    {
        using var first = App("first");
        using var client = first.WithKey();
        await ChangeAsync(client);
        using var admin = await first.WithTokenAsync();
        await OkAsync(admin.PostAsJsonAsync("api/v5/users", new { username = "ann", password = "Passw0rd!", description = "x" }));
        using var made = await admin.PostAsJsonAsync("api/v5/api_key", new { name = "ci", enable = true, desc = "" });
        var key = await made.JsonAsync();
        var name = await ExportAsync(client, new { });
        var archive = await client.GetByteArrayAsync($"api/v5/data/files/{name}");

        using var second = App("second");
        using var other = second.WithKey();
        using var put = await UploadAsync(other, name, archive);
        Assert.Equal(HttpStatusCode.NoContent, put.StatusCode);
        using var imported = await other.PostAsJsonAsync("api/v5/data/import", new { filename = name });
        Assert.Equal(HttpStatusCode.NoContent, imported.StatusCode);

        using var again = await second.WithTokenAsync();
        foreach (var path in s_shown)
            Assert.Equal(await ShownAsync(admin, path), await ShownAsync(again, path));
        Assert.NotEmpty(await second.TokenAsync("ann", "Passw0rd!"));
        other.DefaultRequestHeaders.Authorization = EmqxApp.Basic(key.GetProperty("api_key").GetString()!, key.GetProperty("api_secret").GetString()!);
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("api/v5/banned")).StatusCode);
    }

    [Fact]
    public async Task Parts_are_exported_alone()
    {
        using var app = App("parts");
        using var client = app.WithKey();
        await ChangeAsync(client);
        var name = await ExportAsync(client, new { table_sets = new[] { "banned", "psk" }, root_keys = new[] { "mqtt" } });
        var files = Unpacked(await client.GetByteArrayAsync($"api/v5/data/files/{name}"));
        Assert.Equal(["META.hocon", "cluster.hocon", "tables/banned/000000.jsonl"], files.Keys.Select(path => path[(name.Length - ".tar.gz".Length + 1)..]));
        Assert.StartsWith("mqtt {", files.Values.ElementAt(1), StringComparison.Ordinal);
        Assert.DoesNotContain("sysmon", files.Values.ElementAt(1), StringComparison.Ordinal);

        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_data, "parts", "backup", name)));
    }

    [Fact]
    public async Task Newer_rows_stay_and_equal_keys_are_replaced()
    {
        using var app = App("over");
        using var client = app.WithKey();
        await ChangeAsync(client);
        var name = await ExportAsync(client, new { });
        await client.DeleteAsync("api/v5/banned/clientid/mallory");
        await client.PostAsJsonAsync("api/v5/banned", new { @as = "clientid", who = "mallory", reason = "newer" });
        await client.PostAsJsonAsync("api/v5/banned", new { @as = "clientid", who = "eve" });
        Assert.Equal(HttpStatusCode.NoContent, (await client.PostAsJsonAsync("api/v5/data/import", new { filename = name })).StatusCode);
        using var list = await client.GetAsync("api/v5/banned");
        var bans = (await list.JsonAsync()).GetProperty("data").EnumerateArray().ToDictionary(ban => ban.GetProperty("who").GetString()!, ban => ban.GetProperty("reason").GetString());
        Assert.Equal(("", "trouble"), (bans["eve"], bans["mallory"]));
    }

    [Theory]
    [InlineData("no archive", null, "Unexpected end of file")]
    [InlineData("META.hocon", "edition = ee\nversion = \"5.8.9\"", "Enterprise")]
    [InlineData("META.hocon", "edition = ce\nversion = \"5.99.0\"", "newer")]
    [InlineData("META.hocon", "edition = ce\nversion = x", "version")]
    [InlineData("META.hocon", "edition = other\nversion = \"5.8.9\"", "edition")]
    [InlineData("META.hocon", "edition = {", "META.hocon")]
    [InlineData("cluster.hocon", "mqtt {}", "missing META.hocon")]
    public async Task What_is_no_backup_for_this_server_is_not_kept(string path, string? text, string reason)
    {
        using var app = App("bad");
        using var client = app.WithKey();
        using var answer = await UploadAsync(client, "x.tar.gz", text is null ? Encoding.ASCII.GetBytes(path) : Archive("x", (path, text)));
        Assert.Equal("400 BAD_REQUEST", await answer.FailureAsync());
        Assert.Contains(reason, await answer.MessageAsync(), StringComparison.Ordinal);
        Assert.Equal("404 NOT_FOUND", await (await client.GetAsync("api/v5/data/files/x.tar.gz")).FailureAsync());
        Assert.Empty(Directory.GetFiles(Path.Combine(_data, "bad", "backup")));
    }

    [Theory]
    [InlineData("mqtt { max_awaiting_rel = -1 }")]
    [InlineData("nosuch { a = 1 }")]
    public async Task A_configuration_that_is_wrong_is_not_kept(string text)
    {
        using var app = App("conf");
        using var client = app.WithKey();
        using var answer = await UploadAsync(client, "x.tar.gz", Archive("x", ("META.hocon", Meta), ("cluster.hocon", text)));
        Assert.Equal("400 BAD_REQUEST", await answer.FailureAsync());
    }

    [Fact]
    public async Task What_cannot_be_put_back_is_told_and_the_rest_is()
    {
        using var app = App("rest");
        using var client = app.WithKey();
        using var put = await UploadAsync(client, "x.tar.gz", Archive("x", ("META.hocon", Meta), ("mnesia/emqx_banned", "?"), ("mnesia/emqx_psk", "?"),
            ("tables/nosuch/000000.jsonl", "{}"), ("tables/dashboard_users/000000.jsonl", """{"Username":"u"}"""), ("cluster.hocon", "mqtt.max_awaiting_rel = 7")));
        Assert.Equal(HttpStatusCode.NoContent, put.StatusCode);
        using var answer = await client.PostAsJsonAsync("api/v5/data/import", new { filename = "x.tar.gz" });
        Assert.Equal("400 BAD_REQUEST", await answer.FailureAsync());
        var message = await answer.MessageAsync();
        Assert.All(["mnesia/emqx_banned", "tables/nosuch", "dashboard_users"], part => Assert.Contains(part, message, StringComparison.Ordinal));
        Assert.Contains("\"max_awaiting_rel\":7", await client.GetStringAsync("api/v5/configs/global_zone"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_of_EMQX_brings_its_bans_keys_and_users()
    {
        byte[] salt = [1, 2, 3, 4];
        var archive = Archive("emqx-export", ("META.hocon", Meta), ("cluster.hocon", "mqtt.max_topic_alias = 9"),
            ("mnesia/emqx_banned", new EmqxTable("emqx_banned")
                .Add(new Name("emqx_banned"), new object[] { new Name("clientid"), "mallory" }, "mgmt_api", new string('x', 70_000), 1795375425L, new Name("infinity"))
                .Add(new Name("emqx_banned"), new object[] { new Name("peerhost"), new object[] { 192, 168, 0, 1 } }, "me", "", 1795375425L, 4795375425L).Bytes),
            ("mnesia/emqx_banned_rules", new EmqxTable("emqx_banned_rules")
                .Add(new Name("emqx_banned_rules"), new object[] { new Name("username_re"), new object[] { new object[] { new Name("re_pattern") }, "^evil" } }, "", "", 1L, new Name("infinity"))
                .Add(new Name("emqx_banned_rules"), new object[] { new Name("peerhost_net"), new object[] { new object[] { 10, 0, 0, 0 }, new object[] { 10, 255, 255, 255 }, 8 } },
                    "", "", 1L, new Name("infinity")).Bytes),
            ("mnesia/emqx_retainer_message", new EmqxTable("emqx_retainer_message").Add(new Name("emqx_retainer_message"), new List<object>(), new object[]
            {
                new Name("message"), new byte[16], 1, "c1", new Dictionary<Name, object> { [new Name("retain")] = new Name("true") },
                new Dictionary<Name, object> { [new Name("peerhost")] = new object[] { 127, 0, 0, 1 } }, "kept/b", "hello", 1795375425000L, new Dictionary<Name, object>(),
            }, 0).Bytes),
            ("mnesia/emqx_app", new EmqxTable("emqx_app").Add(new Name("emqx_app"), "ci", "ci-key", (byte[])[.. salt, .. SHA256.HashData([.. salt, .. "ci-secret"u8])],
                new Name("true"), new Dictionary<Name, object> { [new Name("desc")] = "builds", [new Name("role")] = "administrator" }, new Name("infinity"), 1795375425L).Bytes),
            ("mnesia/emqx_admin", new EmqxTable("emqx_admin").Add(new Name("emqx_admin"), "ann", (byte[])[.. salt, .. SHA256.HashData([.. salt, .. "Passw0rd!"u8])], "boss",
                "administrator", new Dictionary<Name, object>()).Bytes));
        using var app = App("emqx");
        using var client = app.WithKey();
        using var put = await UploadAsync(client, "emqx-export.tar.gz", archive);
        Assert.Equal(HttpStatusCode.NoContent, put.StatusCode);
        await OkAsync(client.PostAsJsonAsync("api/v5/data/import", new { filename = "emqx-export.tar.gz" }));

        using var list = await client.GetAsync("api/v5/banned");
        Assert.Equal(["clientid mallory", "peerhost 192.168.0.1", "peerhost_net 10.0.0.0/8", "username_re ^evil"], (await list.JsonAsync()).GetProperty("data").EnumerateArray()
            .Select(static ban => $"{ban.GetProperty("as").GetString()} {ban.GetProperty("who").GetString()}").Order(StringComparer.Ordinal));
        using var kept = await client.GetAsync("api/v5/mqtt/retainer/message/kept%2Fb");
        Assert.Equal("aGVsbG8=", (await kept.JsonAsync()).GetProperty("payload").GetString());
        client.DefaultRequestHeaders.Authorization = EmqxApp.Basic("ci-key", "ci-secret");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("api/v5/banned")).StatusCode);
        Assert.NotEmpty(await app.TokenAsync("ann", "Passw0rd!"));
        Assert.NotEmpty(await app.TokenAsync("ann", "Passw0rd!")); // its hash is one of ours now
    }

    [Theory]
    [InlineData("table_sets", "Invalid table sets: bar, foo")]
    [InlineData("root_keys", "Invalid root keys: bar, foo")]
    public async Task Unknown_parts_are_named(string field, string message)
    {
        using var app = App("unknown");
        using var client = app.WithKey();
        using var answer = await client.PostAsJsonAsync("api/v5/data/export", new Dictionary<string, string[]> { [field] = ["foo", "bar", "foo"] });
        Assert.Equal(("400 BAD_REQUEST", message), (await answer.FailureAsync(), await answer.MessageAsync()));
    }

    private EmqxApp App(string folder) => new()
    {
        With = services => services.Replace(ServiceDescriptor.Singleton<IBackupStore>(new BackupFolder(new NodeIdentity("emqx@127.0.0.1", 0, Path.Combine(_data, folder)), TimeProvider.System))),
    };

    private static async Task ChangeAsync(HttpClient client)
    {
        await OkAsync(client.PostAsJsonAsync("api/v5/banned", new { @as = "clientid", who = "mallory", reason = "trouble" }));
        await OkAsync(client.PostAsJsonAsync("api/v5/banned", new { @as = "username_re", who = "^evil", until = "2999-01-01T00:00:00Z" }));
        await OkAsync(client.PostAsJsonAsync("api/v5/publish", new { topic = "kept/a", payload = "x", retain = true, qos = 1, properties = new { content_type = "text", message_expiry_interval = 9999 } }));
        await OkAsync(client.PutAsync("api/v5/configs", Answers.Json("mqtt.max_topic_alias = 9\nsysmon.os.cpu_high_watermark = 81%\nalarm.size_limit = 77", "text/plain")));
    }

    private static async Task OkAsync(Task<HttpResponseMessage> call)
    {
        using var answer = await call;
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<string> ExportAsync(HttpClient client, object parts)
    {
        using var made = await client.PostAsJsonAsync("api/v5/data/export", parts);
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        return (await made.JsonAsync()).GetProperty("filename").GetString()!;
    }

    private static async Task<HttpResponseMessage> UploadAsync(HttpClient client, string name, byte[] content)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(content), "filename", name } };
        return await client.PostAsync("api/v5/data/files", form);
    }

    private static byte[] Archive(string folder, params (string Path, string Text)[] files) =>
        Archive(folder, Array.ConvertAll(files, static file => (file.Path, (object)file.Text)));

    private static byte[] Archive(string folder, params (string Path, object Content)[] files)
    {
        var packed = new MemoryStream();
        using (var tar = new TarWriter(new GZipStream(packed, CompressionMode.Compress, leaveOpen: true)))
        {
            foreach (var (path, content) in files)
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"{folder}/{path}") { DataStream = new MemoryStream(content as byte[] ?? Encoding.UTF8.GetBytes((string)content)) });
        }

        return packed.ToArray();
    }

    private static Dictionary<string, string> Unpacked(byte[] archive)
    {
        using var tar = new TarReader(new GZipStream(new MemoryStream(archive), CompressionMode.Decompress));
        var files = new Dictionary<string, string>();
        while (tar.GetNextEntry() is { } entry)
            files[entry.Name] = entry.DataStream is { } content ? new StreamReader(content).ReadToEnd() : "";
        return files;
    }

    private static async Task<string> ShownAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync($"api/v5/{path}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }
}
