using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Emqx.Broker.Listeners;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Emqx.Broker.Storage;
using Emqx.Mgmt.Tests.Api.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Listeners;

public class ListenersTests
{
    private const string Demo = """{"type":"tcp","name":"demo","bind":"127.0.0.1:25900"}""";

    private static async Task<JsonElement> MadeAsync(NodeApi api, string json)
    {
        var (status, body) = await api.SendAsync(HttpMethod.Post, "/listeners", json);
        Assert.True(status == HttpStatusCode.OK, body);
        return JsonDocument.Parse(body).RootElement;
    }

    private static async Task<IReadOnlyDictionary<string, string>> StoredAsync(NodeApi api) =>
        await api.Services.GetRequiredService<ISettingsStore>().LoadAsync(default);

    private static async Task<ConfigValue?> StoredAsync(NodeApi api, string type, string name) =>
        ((ConfigObject)ConfigJson.Parse((await StoredAsync(api))["listeners"])).Find([type, name]);

    [Fact]
    public async Task Suites_that_cannot_be_had_are_refused_by_name()
    {
        await using var api = await NodeApi.StartAsync();
        var (status, body) = await api.SendAsync(HttpMethod.Post, "/listeners",
            """{"type":"ssl","name":"few","bind":"127.0.0.1:0","ssl_options":{"ciphers":["AES128-SHA","NOPE"]}}""");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("bad_ciphers", body, StringComparison.Ordinal);
        Assert.Contains("NOPE", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_listener_is_made_with_defaults_and_stored_as_it_was_asked_for()
    {
        await using var api = await NodeApi.StartAsync();
        var made = await MadeAsync(api, Demo);
        Assert.Equal("tcp:demo", made.GetProperty("id").GetString());
        Assert.True(made.GetProperty("running").GetBoolean());
        Assert.Equal(16, made.GetProperty("acceptors").GetInt32());
        Assert.Equal("4KB", made.GetProperty("tcp_options").GetProperty("buffer").GetString());
        Assert.False(made.TryGetProperty("authentication", out _));
        Assert.Equal(made.GetRawText(), (await api.GetAsync("/listeners/tcp:demo")).GetRawText());
        Assert.Equal("""{"bind":"127.0.0.1:25900"}""", (await StoredAsync(api, "tcp", "demo"))!.ToString());
        Assert.NotNull(api.Sockets.Find("tcp:demo"));
    }

    [Fact]
    public async Task A_port_alone_shows_with_a_colon()
    {
        await using var api = await NodeApi.StartAsync();
        Assert.Equal(":25901", (await MadeAsync(api, """{"type":"tcp","name":"a","bind":25901}""")).GetProperty("bind").GetString());
        Assert.Equal(":25902", (await MadeAsync(api, """{"type":"tcp","name":"b","bind":"25902"}""")).GetProperty("bind").GetString());
    }

    [Fact]
    public async Task Failures_leave_nothing_behind()
    {
        await using var api = await NodeApi.StartAsync();
        await MadeAsync(api, Demo);
        await api.FailsAsync(HttpMethod.Post, "/listeners", 400, "BAD_LISTENER_ID", Demo);
        var before = await StoredAsync(api);
        await api.FailsAsync(HttpMethod.Post, "/listeners", 400, "BAD_REQUEST", """{"type":"tcp","name":"other","bind":"127.0.0.1:25900"}""");
        foreach (var bad in new[]
        {
            """{"type":"tcp","bind":1}""", """{"name":"x","bind":1}""", """{"type":"tcp","name":"x"}""", """{"type":"udp","name":"x","bind":1}""",
            """{"type":"quic","name":"x","bind":1}""", """{"type":"tcp","name":"a b","bind":1}""", """{"type":"tcp","name":"x","bind":"nowhere:x"}""",
            """{"type":"tcp","name":"x","bind":1,"nosuch":1}""", """{"type":"tcp","name":"x","bind":1,"acceptors":0}""", "[]", "{}",
            """{"type":"tcp","name":"x","bind":1,"ssl_options":{}}""", """{"type":"ssl","name":"x","bind":1,"ssl_options":{"certfile":"no certificate"}}""",
        })
            await api.FailsAsync(HttpMethod.Post, "/listeners", 400, "BAD_REQUEST", bad);
        await api.FailsAsync(HttpMethod.Get, "/listeners/tcp:other", 404, "BAD_LISTENER_ID");
        Assert.Equal(before, await StoredAsync(api));
        Assert.Equal(5, (await api.GetAsync("/listeners")).GetArrayLength());
    }

    [Fact]
    public async Task A_change_keeps_what_is_left_out_and_the_clients_unless_the_address_changes()
    {
        await using var api = await NodeApi.StartAsync();
        await MadeAsync(api, Demo);
        api.Sockets.Log.Clear();
        Assert.Equal(HttpStatusCode.OK, (await api.SendAsync(HttpMethod.Put, "/listeners/tcp:demo", """{"id":"tcp:demo","type":"tcp","max_connections":"7"}""")).Status);
        Assert.Equal(HttpStatusCode.OK, (await api.SendAsync(HttpMethod.Put, "/listeners/tcp:demo", """{"id":"tcp:demo","type":"tcp","acceptors":4}""")).Status);
        var changed = await api.GetAsync("/listeners/tcp:demo");
        Assert.Equal((7, 4), (changed.GetProperty("max_connections").GetInt32(), changed.GetProperty("acceptors").GetInt32()));
        Assert.Equal(["update tcp:demo", "update tcp:demo"], api.Sockets.Log);
        Assert.Equal(HttpStatusCode.OK, (await api.SendAsync(HttpMethod.Put, "/listeners/tcp:demo", """{"id":"tcp:demo","type":"tcp","bind":"127.0.0.1:25999"}""")).Status);
        Assert.Equal(["stop tcp:demo", "start tcp:demo"], api.Sockets.Log[2..]);
    }

    [Fact]
    public async Task A_move_to_a_taken_address_is_refused_and_the_listener_stays_where_it_was()
    {
        await using var api = await NodeApi.StartAsync();
        await MadeAsync(api, Demo);
        await api.FailsAsync(HttpMethod.Put, "/listeners/tcp:demo", 400, "BAD_REQUEST", """{"id":"tcp:demo","type":"tcp","bind":1883}""");
        Assert.Equal(25900, api.Sockets.Find("tcp:demo")!.Settings.Bind.Port);
        Assert.Equal("127.0.0.1:25900", (await api.GetAsync("/listeners/tcp:demo")).GetProperty("bind").GetString());
    }

    [Theory]
    [InlineData("""{"id":"tcp:default","type":"tcp"}""", "BAD_LISTENER_ID")]
    [InlineData("""{"id":"tcp:demo","type":"ws"}""", "BAD_REQUEST")]
    [InlineData("""{"id":"tcp:demo"}""", "BAD_REQUEST")]
    [InlineData("""{"type":"tcp"}""", "BAD_REQUEST")]
    [InlineData("""{"id":"tcp:demo","type":"tcp","zone":"unknownzone"}""", "BAD_REQUEST")]
    public async Task A_wrong_change_is_400(string json, string code)
    {
        await using var api = await NodeApi.StartAsync();
        await MadeAsync(api, Demo);
        await api.FailsAsync(HttpMethod.Put, "/listeners/tcp:demo", 400, code, json);
        await api.FailsAsync(HttpMethod.Put, "/listeners/tcp:nosuch", 404, "BAD_LISTENER_ID", """{"id":"tcp:nosuch","type":"tcp"}""");
    }

    [Fact]
    public async Task Stopping_disables_and_starting_enables_and_both_are_stored()
    {
        await using var api = await NodeApi.StartAsync();
        await MadeAsync(api, Demo);
        foreach (var (action, enabled) in new[] { ("stop", false), ("stop", false), ("start", true), ("start", true), ("restart", true) })
        {
            Assert.Equal((HttpStatusCode.OK, ""), await api.SendAsync(HttpMethod.Post, $"/listeners/tcp:demo/{action}"));
            var now = await api.GetAsync("/listeners/tcp:demo");
            Assert.Equal((enabled, enabled), (now.GetProperty("enable").GetBoolean(), now.GetProperty("running").GetBoolean()));
            Assert.Equal(enabled, (ConfigObject)(await StoredAsync(api, "tcp", "demo"))! is var stored && (stored["enable"] is not { } value || value.Equals(true)));
        }

        await api.FailsAsync(HttpMethod.Post, "/listeners/tcp:nosuch/start", 404, "BAD_LISTENER_ID");
    }

    [Fact]
    public async Task Deleting_forgets_a_listener_and_marks_a_default_one()
    {
        await using var api = await NodeApi.StartAsync();
        await MadeAsync(api, Demo);
        Assert.Equal(HttpStatusCode.NoContent, (await api.SendAsync(HttpMethod.Delete, "/listeners/tcp:demo")).Status);
        await api.FailsAsync(HttpMethod.Delete, "/listeners/tcp:demo", 404, "BAD_LISTENER_ID");
        Assert.Null(api.Sockets.Find("tcp:demo"));
        Assert.Equal(HttpStatusCode.NoContent, (await api.SendAsync(HttpMethod.Delete, "/listeners/ws:default")).Status);
        Assert.Null(await StoredAsync(api, "tcp", "demo"));
        Assert.Equal("marked_for_deletion", await StoredAsync(api, "ws", "default"));
    }

    [Fact]
    public async Task Certificates_given_as_PEM_become_files_that_go_with_the_listener()
    {
        var folder = Directory.CreateTempSubdirectory("emqx").FullName;
        await using var api = await NodeApi.StartAsync(dataFolder: folder);
        var (certificate, key) = MakeCertificate();
        var body = $$$"""{"type":"ssl","name":"tls","bind":"127.0.0.1:25910","ssl_options":{"certfile":{{{JsonText(certificate)}}},"keyfile":{{{JsonText(key)}}}}}""";
        var made = await MadeAsync(api, body);
        var file = made.GetProperty("ssl_options").GetProperty("certfile").GetString()!;
        Assert.StartsWith(folder, file);
        Assert.Equal(certificate, await File.ReadAllTextAsync(file));
        Assert.DoesNotContain("PRIVATE", (await StoredAsync(api))["listeners"]);

        var (second, secondKey) = MakeCertificate();
        var change = $$$"""{"type":"ssl","id":"ssl:tls","ssl_options":{"certfile":{{{JsonText(second)}}},"keyfile":{{{JsonText(secondKey)}}}}}""";
        Assert.Equal(HttpStatusCode.OK, (await api.SendAsync(HttpMethod.Put, "/listeners/ssl:tls", change)).Status);
        Assert.False(File.Exists(file));
        Assert.Equal(2, Directory.GetFiles(Path.Combine(folder, "certs", "listeners", "ssl", "tls")).Length);

        await api.FailsAsync(HttpMethod.Post, "/listeners", 400, "BAD_REQUEST", body.Replace("tls", "taken"));
        Assert.False(Directory.Exists(Path.Combine(folder, "certs", "listeners", "ssl", "taken")));
        Assert.Equal(HttpStatusCode.NoContent, (await api.SendAsync(HttpMethod.Delete, "/listeners/ssl:tls")).Status);
        Assert.False(Directory.Exists(Path.Combine(folder, "certs", "listeners", "ssl", "tls")));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Files_that_are_named_and_are_no_PEM_are_refused_also_where_nothing_needs_them()
    {
        var folder = Directory.CreateTempSubdirectory("emqx").FullName;
        await using var api = await NodeApi.StartAsync(dataFolder: folder);
        var textFile = Path.Combine(folder, "text.pem");
        await File.WriteAllTextAsync(textFile, "no certificate");
        await MadeAsync(api, """{"type":"ssl","name":"tls","bind":"127.0.0.1:25911"}""");
        var before = (await api.GetAsync("/listeners/ssl:tls")).GetRawText();
        foreach (var (field, file) in new[] { ("cacertfile", "/nosuch.pem"), ("cacertfile", textFile), ("keyfile", "/dev/zero") })
            await api.FailsAsync(HttpMethod.Put, "/listeners/ssl:tls", 400, "BAD_REQUEST",
                $$$"""{"type":"ssl","id":"ssl:tls","max_connections":7,"ssl_options":{"{{{field}}}":"{{{file}}}"}}""");
        Assert.Equal(before, (await api.GetAsync("/listeners/ssl:tls")).GetRawText());
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Types_are_summed_up_and_differing_states_are_inconsistent()
    {
        await using var api = await NodeApi.StartAsync();
        await MadeAsync(api, """{"type":"tcp","name":"demo","bind":"127.0.0.1:25900","enable":false,"max_connections":5}""");
        var tcp = (await api.GetAsync("/listeners_status")).EnumerateArray().Single(one => one.GetProperty("type").GetString() == "tcp");
        Assert.Equal("""{"running":"inconsistent","max_connections":"infinity","current_connections":0}""", tcp.GetProperty("status").GetRawText());
        Assert.Equal(2, tcp.GetProperty("ids").GetArrayLength());
        Assert.Equal(2, (await api.GetAsync("/listeners?type=tcp")).GetArrayLength());
        await api.FailsAsync(HttpMethod.Get, "/listeners?type=udp", 400, "BAD_REQUEST");
        await api.FailsAsync(HttpMethod.Get, "/listeners/udp:default", 400, "BAD_REQUEST");
    }

    [Fact]
    public async Task The_deprecated_creation_by_id_works_too()
    {
        await using var api = await NodeApi.StartAsync();
        const string Body = """{"type":"tcp","id":"tcp:demo","bind":"127.0.0.1:25900"}""";
        Assert.Equal(HttpStatusCode.OK, (await api.SendAsync(HttpMethod.Post, "/listeners/tcp:demo", Body)).Status);
        await api.FailsAsync(HttpMethod.Post, "/listeners/tcp:other", 400, "BAD_LISTENER_ID", Body);
    }

    [Fact]
    public async Task Sockets_follow_a_configuration_that_is_changed_as_a_whole()
    {
        await using var api = await NodeApi.StartAsync();
        var running = api.Services.GetRequiredService<RunningConfiguration>();
        var control = api.Services.GetRequiredService<ListenerControl>();
        await MadeAsync(api, Demo);
        var before = (ConfigObject)running["listeners"]["tcp"]!;
        var moved = ((ConfigObject)before["demo"]!).With("bind", "127.0.0.1:25977");
        running.Replace(new Dictionary<string, ConfigValue>
        {
            ["listeners"] = running["listeners"].With("tcp", before.With("demo", moved)).With("ws", ConfigObject.Empty),
        });
        Assert.Empty(await control.FollowAsync(default));
        Assert.Equal(25977, api.Sockets.Find("tcp:demo")!.Settings.Bind.Port);
        Assert.Null(api.Sockets.Find("ws:default"));
        Assert.NotNull(api.Sockets.Find("tcp:default"));
    }

    private static string JsonText(string text) => "\"" + JsonEncodedText.Encode(text) + "\"";

    private static (string Certificate, string Key) MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(90));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
