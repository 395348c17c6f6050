using System.Net;
using System.Text;
using Emqx.Broker.Listeners;
using Emqx.Broker.Settings;
using Emqx.Broker.Settings.Layers;
using Emqx.Broker.Storage;
using Emqx.Broker.Storage.InMemory;
using Emqx.Mgmt.Tests.Api.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Configs;

/// <summary>Whichever way a change of the configuration comes, none is lost: not to another at the same time, not to a restart.</summary>
public sealed class OneWriterTests
{
    private const string Demo = """{"type":"tcp","name":"demo","bind":"127.0.0.1:25900"}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A node whose store takes a moment, as a disc does.</summary>
    private static Task<NodeApi> StartAsync(IReadOnlyDictionary<string, string?>? stored = null) =>
        NodeApi.StartAsync(services => services.AddSingleton<ISettingsStore>(new SlowStore(stored ?? new Dictionary<string, string?>())));

    private static async Task SendAsync(NodeApi api, HttpMethod method, string path, string? json = null)
    {
        var (status, body) = await api.SendAsync(method, path, json);
        Assert.True(status is HttpStatusCode.OK or HttpStatusCode.NoContent, $"{method} {path}: {(int)status} {body}");
    }

    private static async Task PutTextAsync(NodeApi api, string hocon, string query = "")
    {
        using var content = new StringContent(hocon, Encoding.UTF8, "text/plain");
        using var answer = await api.Http.PutAsync("/api/v5/configs" + query, content, Cancellation);
        Assert.Equal((HttpStatusCode.OK, ""), (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation)));
    }

    /// <summary>What the next start makes of what is stored.</summary>
    private static async Task<NodeConfiguration> RestartedAsync(NodeApi api) => NodeConfiguration.Load(
        api.Services.GetRequiredService<NodeConfiguration>().Sources, await StoredAsync(api), out _)!;

    private static async Task<IReadOnlyDictionary<string, string>> StoredAsync(NodeApi api) =>
        await api.Services.GetRequiredService<ISettingsStore>().LoadAsync(Cancellation);

    private static async Task<ListenerSettings?> RestartedAsync(NodeApi api, string id) =>
        (await RestartedAsync(api)).Listeners.SingleOrDefault(listener => listener.Id == id);

    [Fact]
    public async Task A_text_that_names_one_listener_leaves_the_others_and_its_other_fields_as_they_are()
    {
        await using var api = await StartAsync();
        var before = (await api.GetAsync("/listeners")).GetArrayLength();
        await SendAsync(api, HttpMethod.Post, "/listeners", """{"type":"tcp","name":"demo","bind":"127.0.0.1:25900","max_connections":7}""");
        await PutTextAsync(api, """listeners.tcp.other { bind = "127.0.0.1:25901" }""");
        Assert.Equal(before + 2, (await api.GetAsync("/listeners")).GetArrayLength());
        await PutTextAsync(api, "listeners.tcp.demo.max_conn_rate = \"9/s\"");
        var demo = await api.GetAsync("/listeners/tcp:demo");
        Assert.Equal(("127.0.0.1:25900", 7, "9/s"), (demo.GetProperty("bind").GetString(), demo.GetProperty("max_connections").GetInt32(), demo.GetProperty("max_conn_rate").GetString()));
        Assert.Equal(("127.0.0.1:25900", 7), ((await RestartedAsync(api, "tcp:demo"))!.Bind.ToString(), (await RestartedAsync(api, "tcp:demo"))!.MaxConnections));
    }

    [Fact]
    public async Task An_older_name_of_a_field_counts_where_a_named_thing_is_merged()
    {
        await using var api = await StartAsync();
        await PutTextAsync(api, "log.file.default { enable = false, rotation_count = 4 }");
        await PutTextAsync(api, "log.file.default { rotation { count = 3 } }");
        Assert.Equal(3, (await api.GetAsync("/configs/log")).GetProperty("file").GetProperty("default").GetProperty("rotation_count").GetInt32());
    }

    [Fact]
    public async Task The_later_of_two_changes_of_a_listener_outlives_a_restart()
    {
        await using var api = await StartAsync();
        await SendAsync(api, HttpMethod.Post, "/listeners", Demo);
        await SendAsync(api, HttpMethod.Put, "/listeners/tcp:demo", """{"id":"tcp:demo","type":"tcp","max_connections":7}""");
        await PutTextAsync(api, "listeners.tcp.demo { bind = \"127.0.0.1:25900\", max_connections = 8 }");
        Assert.Equal(8, (await RestartedAsync(api, "tcp:demo"))!.MaxConnections);
        await SendAsync(api, HttpMethod.Put, "/listeners/tcp:demo", """{"id":"tcp:demo","type":"tcp","max_connections":9}""");
        Assert.Equal(9, (await RestartedAsync(api, "tcp:demo"))!.MaxConnections);
        Assert.Equal(["listeners"], (await StoredAsync(api)).Keys);
    }

    [Fact]
    public async Task A_deleted_listener_does_not_come_back()
    {
        await using var api = await StartAsync();
        await PutTextAsync(api, "listeners.tcp.demo { bind = \"127.0.0.1:25900\" }");
        await SendAsync(api, HttpMethod.Delete, "/listeners/tcp:demo");
        await SendAsync(api, HttpMethod.Delete, "/listeners/ws:default");
        Assert.Null(await RestartedAsync(api, "tcp:demo"));
        Assert.Null(await RestartedAsync(api, "ws:default"));
        Assert.NotNull(await RestartedAsync(api, "tcp:default"));
    }

    [Fact]
    public async Task A_listener_that_is_restarted_is_enabled_from_then_on()
    {
        await using var api = await StartAsync();
        await SendAsync(api, HttpMethod.Post, "/listeners", Demo);
        await SendAsync(api, HttpMethod.Post, "/listeners/tcp:demo/stop");
        Assert.False((await RestartedAsync(api, "tcp:demo"))!.Enable);
        await SendAsync(api, HttpMethod.Post, "/listeners/tcp:demo/restart");
        Assert.True((await RestartedAsync(api, "tcp:demo"))!.Enable);
        Assert.True((await api.GetAsync("/listeners/tcp:demo")).GetProperty("enable").GetBoolean());
    }

    [Fact]
    public async Task A_listener_that_is_not_in_a_text_that_replaces_does_not_come_back()
    {
        await using var api = await StartAsync();
        await SendAsync(api, HttpMethod.Post, "/listeners", Demo);
        await PutTextAsync(api, "listeners.tcp.other { bind = \"127.0.0.1:25901\" }", "?mode=replace");
        Assert.Null(await RestartedAsync(api, "tcp:demo"));
        Assert.NotNull(await RestartedAsync(api, "tcp:other"));
    }

    [Fact]
    public async Task Listeners_that_older_versions_stored_one_by_one_are_kept_under_their_root_from_the_first_change_on()
    {
        await using var api = await StartAsync(new Dictionary<string, string?>
        {
            ["listeners"] = """{"tcp":{"one":{"bind":"127.0.0.1:1"}}}""",
            ["listeners.tcp.two"] = """{"bind":"127.0.0.1:2"}""",
            ["listeners.ws.default"] = "\"marked_for_deletion\"",
        });
        Assert.NotNull(await RestartedAsync(api, "tcp:two"));
        await SendAsync(api, HttpMethod.Post, "/listeners", Demo);
        var stored = await StoredAsync(api);
        Assert.Equal(["listeners"], stored.Keys);
        Assert.Equal("""{"tcp":{"one":{"bind":"127.0.0.1:1"},"two":{"bind":"127.0.0.1:2"},"demo":{"bind":"127.0.0.1:25900"}},"ws":{"default":"marked_for_deletion"}}""", stored["listeners"]);
    }

    [Theory]
    [InlineData("dashboard", """{"cors":true}""", """{"token_expired_time":"61m"}""")]
    [InlineData("log", """{"console":{"level":"error"}}""", """{"throttling":{"time_window":"61s"}}""")]
    [InlineData("sysmon", """{"os":{"cpu_high_watermark":"91%"}}""", """{"vm":{"busy_port":false}}""")]
    public async Task Of_two_changes_of_a_root_at_the_same_time_both_hold(string root, string one, string other)
    {
        await using var api = await StartAsync();
        var path = "/configs/" + root;
        var before = (await api.GetAsync(path)).GetRawText();
        await SendAsync(api, HttpMethod.Put, path, one);
        await SendAsync(api, HttpMethod.Put, path, other);
        var both = (await api.GetAsync(path)).GetRawText();
        for (var i = 0; i < 20; i++)
        {
            await SendAsync(api, HttpMethod.Put, path, before);
            await Task.WhenAll(SendAsync(api, HttpMethod.Put, path, one), SendAsync(api, HttpMethod.Put, path, other));
            Assert.Equal(both, (await api.GetAsync(path)).GetRawText());
        }
    }

    [Fact]
    public async Task Of_two_resets_of_a_root_at_the_same_time_both_hold()
    {
        await using var api = await StartAsync();
        for (var i = 0; i < 20; i++)
        {
            await SendAsync(api, HttpMethod.Put, "/configs/sys_topics", """{"sys_msg_interval":"7s","sys_heartbeat_interval":"8s"}""");
            await Task.WhenAll(
                SendAsync(api, HttpMethod.Post, "/configs_reset/sys_topics?conf_path=sys_msg_interval"),
                SendAsync(api, HttpMethod.Post, "/configs_reset/sys_topics?conf_path=sys_heartbeat_interval"));
            var left = await api.GetAsync("/configs/sys_topics");
            Assert.Equal(("1m", "30s"), (left.GetProperty("sys_msg_interval").GetString(), left.GetProperty("sys_heartbeat_interval").GetString()));
        }
    }

    [Fact]
    public async Task Of_a_listener_made_and_another_changed_at_the_same_time_both_hold()
    {
        await using var api = await StartAsync();
        for (var i = 0; i < 20; i++)
        {
            var limit = i + 1;
            await Task.WhenAll(
                SendAsync(api, HttpMethod.Put, "/listeners/tcp:default", $$"""{"id":"tcp:default","type":"tcp","max_connections":{{limit}}}"""),
                SendAsync(api, HttpMethod.Post, "/listeners", $$"""{"type":"tcp","name":"n{{i}}","bind":"127.0.0.1:{{25900 + i}}"}"""));
            Assert.Equal(limit, (await api.GetAsync("/listeners/tcp:default")).GetProperty("max_connections").GetInt32());
            Assert.Equal(limit, (await RestartedAsync(api, "tcp:default"))!.MaxConnections);
            Assert.NotNull(await RestartedAsync(api, $"tcp:n{i}"));
        }
    }

    [Fact]
    public async Task A_listener_and_the_whole_root_changed_at_the_same_time_come_one_after_the_other()
    {
        await using var api = await StartAsync();
        var control = api.Services.GetRequiredService<ListenerControl>();
        for (var i = 1; i <= 20; i++)
        {
            await Task.WhenAll(
                SendAsync(api, HttpMethod.Put, "/listeners/tcp:default", $$"""{"id":"tcp:default","type":"tcp","max_connections":{{i}}}"""),
                PutTextAsync(api, $"listeners.tcp.default {{ bind = 1883, acceptors = {i} }}"));
            await control.FollowAsync(Cancellation);
            var inForce = await api.GetAsync("/listeners/tcp:default");
            Assert.Equal(i, inForce.GetProperty("acceptors").GetInt32());
            var connections = (await RestartedAsync(api, "tcp:default"))!.MaxConnections;
            Assert.Equal(connections, api.Sockets.Find("tcp:default")!.Settings.MaxConnections);
            Assert.Equal(connections < 0 ? "infinity" : connections.ToString(System.Globalization.CultureInfo.InvariantCulture), inForce.GetProperty("max_connections").ToString());
        }
    }

    [Fact]
    public async Task A_listener_that_cannot_open_changes_nothing()
    {
        await using var api = await StartAsync();
        await api.FailsAsync(HttpMethod.Post, "/listeners", 400, "BAD_REQUEST", """{"type":"tcp","name":"demo","bind":1883}""");
        await api.FailsAsync(HttpMethod.Put, "/listeners/ws:default", 400, "BAD_REQUEST", """{"id":"ws:default","type":"ws","bind":1883}""");
        Assert.Empty(await StoredAsync(api));
    }

    /// <summary>Rows in memory whose writing takes a moment.</summary>
    private sealed class SlowStore : ISettingsStore
    {
        private readonly InMemorySettingsStore _rows = new();

        public SlowStore(IReadOnlyDictionary<string, string?> rows)
        {
            var written = _rows.SaveAsync(rows, CancellationToken.None);
            Assert.True(written.IsCompletedSuccessfully);
        }

        public ValueTask<IReadOnlyDictionary<string, string>> LoadAsync(CancellationToken cancellation) => _rows.LoadAsync(cancellation);

        public async ValueTask SaveAsync(IReadOnlyDictionary<string, string?> roots, CancellationToken cancellation)
        {
            for (var i = 0; i < 10; i++)
                await Task.Yield();
            await _rows.SaveAsync(roots, cancellation);
        }
    }
}
