using System.Net;
using System.Text.Json;
using Emqx.Broker.Metrics;
using Emqx.Broker.Monitoring;
using Emqx.Mgmt.Tests.Api.Nodes;
using Xunit;
using static Emqx.Mgmt.Tests.Api.Contracts.FieldKinds;

namespace Emqx.Mgmt.Tests.Api.Contracts;

/// <summary>What EMQX's own Dashboard, emqx-exporter and emqx-operator read from these groups: names and types.</summary>
public sealed class ClientContractTests
{
    private static readonly JsonValueKind[] s_number = [JsonValueKind.Number];

    [Fact]
    public async Task Emqx_exporter_reads_nodes_and_rates()
    {
        await using var api = await NodeApi.StartAsync();
        var node = Assert.Single((await api.GetAsync("/nodes")).EnumerateArray());
        Texts(node, "node node_status version edition");
        Integers(node, "uptime max_fds connections");
        Assert.All(new[] { "load1", "load5", "load15" }, name => Assert.Contains(node.GetProperty(name).ValueKind, s_number));
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
            foreach (var name in Stat.All.Select(stat => stat.Name))
                Integers(stats, $"{name}.count {name}.max");
        foreach (var metrics in new[] { (await api.GetAsync("/metrics"))[0], await api.GetAsync("/metrics?aggregate=true"), await api.GetAsync("/nodes/emqx@127.0.0.1/metrics") })
            Integers(metrics, string.Join(' ', Metric.Names));
        Assert.False((await api.GetAsync("/metrics?aggregate=true")).TryGetProperty("node", out _));
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
}
