using System.Net;
using System.Text.Json;
using Emqx.Broker.Metrics;
using Emqx.Broker.Monitoring;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Nodes;

/// <summary>What EMQX's own Dashboard, emqx-exporter and emqx-operator read from these groups: names and types.</summary>
public class ClientContractTests
{
    private static readonly JsonValueKind[] Number = [JsonValueKind.Number];

    private static void Integers(JsonElement json, string names)
    {
        foreach (var name in names.Split(' '))
            Assert.True(json.TryGetProperty(name, out var value) && value.TryGetInt64(out _), $"{name} is an integer");
    }

    private static void Texts(JsonElement json, string names)
    {
        foreach (var name in names.Split(' '))
            Assert.True(json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String, $"{name} is a text");
    }

    [Fact]
    public async Task Emqx_exporter_reads_nodes_and_rates()
    {
        await using var api = await NodeApi.StartAsync();
        var node = Assert.Single((await api.GetAsync("/nodes")).EnumerateArray());
        Texts(node, "node node_status version edition");
        Integers(node, "uptime max_fds connections");
        Assert.All(new[] { "load1", "load5", "load15" }, name => Assert.Contains(node.GetProperty(name).ValueKind, Number));
        Assert.Equal(("running", "Opensource"), (node.GetProperty("node_status").GetString(), node.GetProperty("edition").GetString()));
        Integers(await api.GetAsync("/monitor_current"), "sent_msg_rate received_msg_rate");

        // It tries version 4 first and must be turned away.
        using var old = await api.Http.GetAsync("/api/v4/nodes");
        Assert.Equal(HttpStatusCode.NotFound, old.StatusCode);
    }

    [Fact]
    public async Task Emqx_operator_reads_nodes_one_by_one()
    {
        await using var api = await NodeApi.StartAsync();
        var node = await api.GetAsync("/nodes/emqx@127.0.0.1");
        Texts(node, "node node_status otp_release version role edition");
        Integers(node, "connections live_connections uptime");
        Assert.Equal(5000, node.GetProperty("uptime").GetInt64());
        await api.FailsAsync(HttpMethod.Get, "/nodes/emqx@10.0.0.9", 404, "NOT_FOUND");
    }

    [Fact]
    public async Task The_Dashboard_reads_its_overview_and_node_pages()
    {
        await using var api = await NodeApi.StartAsync();
        Integers(await api.GetAsync("/monitor_current"),
            "connections live_connections topics subscriptions subscriptions_ram subscriptions_durable disconnected_durable_sessions retained_msg_count "
            + "shared_subscriptions received_msg_rate sent_msg_rate dropped_msg_rate persisted_rate validation_failed_rate validation_succeeded_rate "
            + "transformation_failed_rate transformation_succeeded_rate");
        var node = (await api.GetAsync("/nodes"))[0];
        Texts(node, "memory_total memory_used sys_path log_path");
        Integers(node, "process_available process_used cluster_sessions");
        foreach (var stats in new[] { (await api.GetAsync("/stats"))[0], await api.GetAsync("/nodes/emqx%40127.0.0.1/stats"), await api.GetAsync("/stats?aggregate=true") })
            foreach (var name in StatNames.All)
                Integers(stats, $"{name}.count {name}.max");
        foreach (var metrics in new[] { (await api.GetAsync("/metrics"))[0], await api.GetAsync("/metrics?aggregate=true"), await api.GetAsync("/nodes/emqx@127.0.0.1/metrics") })
            Integers(metrics, string.Join(' ', MetricNames.All));
        Assert.False((await api.GetAsync("/metrics?aggregate=true")).TryGetProperty("node", out _));
    }

    [Fact]
    public async Task The_Dashboard_draws_its_charts_from_samples()
    {
        await using var api = await NodeApi.StartAsync();
        var sampler = api.Services.GetRequiredService<MonitorSampler>();
        for (var i = 0; i < 3; i++)
        {
            api.Time.Advance(TimeSpan.FromSeconds(10));
            await sampler.BeatAsync(api.Time.GetUtcNow().ToUnixTimeMilliseconds(), default);
        }

        var points = (await api.GetAsync("/monitor?latest=3600")).EnumerateArray().ToArray();
        Integers(points[^1], "time_stamp received sent dropped persisted connections live_connections subscriptions subscriptions_ram "
            + "subscriptions_durable disconnected_durable_sessions topics validation_failed validation_succeeded transformation_failed transformation_succeeded");
        Assert.Equal("time_stamp", Assert.Single(points[0].EnumerateObject()).Name);
        Assert.False((await api.GetAsync("/monitor/nodes/emqx@127.0.0.1?latest=3600"))[points.Length - 1].TryGetProperty("subscriptions_ram", out _));
        Assert.True((await api.GetAsync("/monitor_current/nodes/emqx@127.0.0.1")).TryGetProperty("node_uptime", out _));
        Assert.False((await api.GetAsync("/monitor_current/nodes/all")).TryGetProperty("node_uptime", out _));
        await api.FailsAsync(HttpMethod.Get, "/monitor?latest=0", 400, "BAD_REQUEST");
        await api.FailsAsync(HttpMethod.Get, "/monitor/nodes/nosuch", 404, "NOT_FOUND");
    }

    [Fact]
    public async Task The_Dashboard_lists_bans_and_makes_them_with_until_null()
    {
        await using var api = await NodeApi.StartAsync();
        var (status, body) = await api.SendAsync(HttpMethod.Post, "/banned", """{"as":"clientid","who":"c1","reason":"","until":null}""");
        Assert.Equal(HttpStatusCode.OK, status);
        var ban = JsonDocument.Parse(body).RootElement;
        Texts(ban, "as who by reason at until");
        Assert.Equal("infinity", ban.GetProperty("until").GetString());
        var old = await api.FailsAsync(HttpMethod.Post, "/banned", 400, "ALREADY_EXISTS", """{"as":"clientid","who":"c1","until":"infinity"}""");
        Assert.Equal(body, old);
        var page = await api.GetAsync("/banned?limit=20&page=1");
        Assert.Equal("""{"page":1,"limit":20,"count":1}""", page.GetProperty("meta").GetRawText());
        Assert.Equal(HttpStatusCode.NoContent, (await api.SendAsync(HttpMethod.Delete, "/banned/clientid/c1")).Status);
        await api.FailsAsync(HttpMethod.Delete, "/banned/clientid/c1", 404, "NOT_FOUND");
        await api.FailsAsync(HttpMethod.Get, "/banned?clientid=a&username=b", 400, "BAD_REQUEST");
    }

    [Fact]
    public async Task The_Dashboard_lists_listeners()
    {
        await using var api = await NodeApi.StartAsync();
        var listeners = (await api.GetAsync("/listeners")).EnumerateArray().ToArray();
        Assert.Equal(["ssl:default", "tcp:default", "ws:default", "wss:default"], listeners.Select(one => one.GetProperty("id").GetString()));
        foreach (var one in listeners)
        {
            Texts(one, "id type name bind");
            Integers(one, "acceptors number");
            Integers(one.GetProperty("status"), "current_connections");
            Assert.Equal("infinity", one.GetProperty("status").GetProperty("max_connections").GetString());
            Assert.Equal(JsonValueKind.True, one.GetProperty("status").GetProperty("running").ValueKind);
            Assert.Equal(NodeApi.Node, one.GetProperty("node_status")[0].GetProperty("node").GetString());
        }
    }

    [Fact]
    public async Task The_root_has_a_page_and_unknown_paths_stay_unknown()
    {
        await using var api = await NodeApi.StartAsync();
        Assert.Contains("api-docs", await api.Http.GetStringAsync("/"));
        Assert.Equal(HttpStatusCode.NotFound, (await api.Http.GetAsync("/nosuch")).StatusCode);
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
