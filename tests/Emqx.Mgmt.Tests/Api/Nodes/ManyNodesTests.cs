using System.Text.Json;
using Emqx.Broker.Cluster;
using Emqx.Broker.Metrics;
using Emqx.Broker.Monitoring;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Emqx.Mgmt.Tests.Api.Nodes;

/// <summary>The endpoints need no change for a cluster: directories that know more nodes are enough.</summary>
public class ManyNodesTests
{
    private const string Second = "emqx@10.0.0.2", Lost = "emqx@10.0.0.3";

    /// <summary>This node, a second one that answers the same, and a third that does not answer.</summary>
    private sealed class FakeCluster(LocalNode local, MonitorSampler sampler) : INodeDirectory, IStatsDirectory, IMetricsDirectory, IMonitorDirectory
    {
        public string Self => local.Self;

        async ValueTask<IReadOnlyList<NodeFacts>> INodeDirectory.ListAsync(CancellationToken cancellation)
        {
            var here = (await ((INodeDirectory)local).ListAsync(cancellation))[0];
            return [here with { Name = Second }, new NodeFacts(Lost, "core", null), here];
        }

        async ValueTask<NodeFacts?> INodeDirectory.FindAsync(string node, CancellationToken cancellation) =>
            (await ((INodeDirectory)this).ListAsync(cancellation)).FirstOrDefault(one => one.Name == node);

        async ValueTask<IReadOnlyList<NodeTagged<StatsSnapshot>>> IStatsDirectory.ListAsync(CancellationToken cancellation)
        {
            var here = (await ((IStatsDirectory)local).ListAsync(cancellation))[0];
            return [here, here with { Node = Second }];
        }

        ValueTask<StatsSnapshot?> IStatsDirectory.FindAsync(string node, CancellationToken cancellation) =>
            ((IStatsDirectory)local).FindAsync(Reach(node), cancellation);

        async ValueTask<IReadOnlyList<NodeTagged<MetricsSnapshot>>> IMetricsDirectory.ListAsync(CancellationToken cancellation)
        {
            var here = (await ((IMetricsDirectory)local).ListAsync(cancellation))[0];
            return [here, here with { Node = Second }];
        }

        ValueTask<MetricsSnapshot?> IMetricsDirectory.FindAsync(string node, CancellationToken cancellation) =>
            ((IMetricsDirectory)local).FindAsync(Reach(node), cancellation);

        public async ValueTask<IReadOnlyList<MonitorPoint>?> ListAsync(string? node, long? latest, CancellationToken cancellation)
        {
            if (node is not null)
                return await sampler.ListAsync(Reach(node), latest, cancellation);
            var here = (await sampler.ListAsync(null, latest, cancellation))!;
            return MonitorSeries.Merge([here, here]);
        }

        public async ValueTask<MonitorRates?> CurrentAsync(string? node, CancellationToken cancellation)
        {
            var here = await sampler.CurrentAsync(node is null ? null : Reach(node), cancellation);
            return node is null ? MonitorRates.Merge([here!, here!]) : here;
        }

        public ValueTask ClearAsync(CancellationToken cancellation) => sampler.ClearAsync(cancellation);

        private string Reach(string node) => node switch
        {
            Lost => throw new NodeUnreachableException(node, "nodedown"),
            Second => local.Self,
            _ => node,
        };
    }

    private static Task<NodeApi> StartAsync() => NodeApi.StartAsync(services => services
        .AddSingleton<FakeCluster>()
        .AddSingleton<INodeDirectory>(all => all.GetRequiredService<FakeCluster>())
        .AddSingleton<IStatsDirectory>(all => all.GetRequiredService<FakeCluster>())
        .AddSingleton<IMetricsDirectory>(all => all.GetRequiredService<FakeCluster>())
        .AddSingleton<IMonitorDirectory>(all => all.GetRequiredService<FakeCluster>()));

    private static string?[] Names(JsonElement list) => [.. list.EnumerateArray().Select(one => one.GetProperty("node").GetString())];

    [Fact]
    public async Task Lists_show_every_node_and_a_stopped_one_in_short()
    {
        await using var api = await StartAsync();
        var nodes = await api.GetAsync("/nodes");
        Assert.Equal([Second, Lost, NodeApi.Node], Names(nodes));
        Assert.Equal("""{"node":"emqx@10.0.0.3","node_status":"stopped","role":"core"}""", nodes[1].GetRawText());
        Assert.Equal("running", (await api.GetAsync("/nodes/" + Second)).GetProperty("node_status").GetString());
        Assert.Equal([Second, NodeApi.Node], (await api.GetAsync("/cluster")).GetProperty("nodes").EnumerateArray().Select(one => one.GetString()));
        Assert.Equal(2, (await api.GetAsync("/cluster/topology")).GetArrayLength());
    }

    [Fact]
    public async Task Metrics_and_stats_are_by_node_or_summed()
    {
        await using var api = await StartAsync();
        api.Services.GetRequiredService<Counters>().Add(Metric.MessagesReceived, 21);
        var metrics = await api.GetAsync("/metrics");
        Assert.Equal([NodeApi.Node, Second], Names(metrics));
        Assert.Equal(21, metrics[1].GetProperty("messages.received").GetInt64());
        Assert.Equal(42, (await api.GetAsync("/metrics?aggregate=true")).GetProperty("messages.received").GetInt64());
        Assert.Equal([Second], Names(await api.GetAsync("/metrics?node=" + Second)));
        Assert.Equal(21, (await api.GetAsync($"/nodes/{Second}/metrics")).GetProperty("messages.received").GetInt64());
        Assert.Equal([NodeApi.Node, Second], Names(await api.GetAsync("/stats")));
    }

    [Theory]
    [InlineData("/nodes/emqx@10.0.0.3/stats")]
    [InlineData("/nodes/emqx@10.0.0.3/metrics")]
    [InlineData("/metrics?node=emqx@10.0.0.3")]
    [InlineData("/monitor/nodes/emqx@10.0.0.3")]
    [InlineData("/monitor_current/nodes/emqx@10.0.0.3")]
    public async Task A_node_that_does_not_answer_is_BAD_RPC(string path)
    {
        await using var api = await StartAsync();
        var message = await api.FailsAsync(HttpMethod.Get, path, 500, "BAD_RPC");
        Assert.Contains(Lost, message);
    }

    [Fact]
    public async Task Samples_of_nodes_are_merged()
    {
        await using var api = await StartAsync();
        api.Services.GetRequiredService<Counters>().Add(Metric.MessagesSent, 5);
        api.Time.Advance(TimeSpan.FromSeconds(10));
        await api.Services.GetRequiredService<MonitorSampler>().TickAsync(api.Time.GetUtcNow().ToUnixTimeMilliseconds(), default);
        Assert.Equal(10, (await api.GetAsync("/monitor"))[0].GetProperty("sent").GetInt64());
        Assert.Equal(5, (await api.GetAsync("/monitor/nodes/" + Second))[0].GetProperty("sent").GetInt64());
    }
}
