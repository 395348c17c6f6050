using Emqx.Broker.Cluster;
using Emqx.Broker.Metrics;
using Emqx.Broker.Monitoring;
using Emqx.Mgmt.Api.Failures;
using Emqx.Mgmt.Api.Metrics;
using Emqx.Mgmt.Api.Stats;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Emqx.Mgmt.Api.Nodes;

/// <summary>The nodes of the cluster.</summary>
internal static class NodesEndpoints
{
    public static void MapNodes(this RouteGroupBuilder api)
    {
        var nodes = api.MapGroup("/nodes").WithTags("Nodes").WithJson<NodesJson>();

        nodes.MapGet("", ListNodes);
        nodes.MapGet("/{node}", GetNode).Fails(Failure.NotFound, Failure.BadRpc);
        nodes.MapGet("/{node}/stats", GetNodeStats).Fails(Failure.NotFound, Failure.BadRpc);
        nodes.MapGet("/{node}/metrics", GetNodeMetrics).Fails(Failure.NotFound, Failure.BadRpc);
    }

    /// <summary>Lists the nodes, those that are stopped too.</summary>
    private static async Task<JsonAnswer<NodeResponse[]>> ListNodes(INodeDirectory nodes, CancellationToken cancellation)
    {
        var found = await nodes.ListAsync(cancellation);
        var answer = new NodeResponse[found.Count];
        for (var i = 0; i < answer.Length; i++)
            answer[i] = NodeResponse.From(found[i]);
        return Answer.Ok(answer);
    }

    /// <summary>Shows one node.</summary>
    /// <param name="node">Node name, <c>emqx@127.0.0.1</c>.</param>
    private static async Task<Results<JsonAnswer<NodeResponse>, ApiFailure>> GetNode(string node, INodeDirectory nodes, CancellationToken cancellation) =>
        await nodes.FindAsync(node, cancellation) is { } found ? Answer.Ok(NodeResponse.From(found)) : NotFound(node);

    /// <summary>Shows the statistics of one node.</summary>
    /// <param name="node">Node name, <c>emqx@127.0.0.1</c>.</param>
    private static async Task<Results<JsonAnswer<StatsResponse>, ApiFailure>> GetNodeStats(string node, IStatsDirectory stats,
        CancellationToken cancellation) =>
        await stats.FindAsync(node, cancellation) is { } found
            ? Answer.WrittenFrom<StatsResponse, StatsSnapshot>(found, StatsWriter.WriteOne)
            : NotFound(node);

    /// <summary>Shows the counters of one node.</summary>
    /// <param name="node">Node name, <c>emqx@127.0.0.1</c>.</param>
    private static async Task<Results<JsonAnswer<MetricsResponse>, ApiFailure>> GetNodeMetrics(string node,
        IMetricsDirectory metrics, CancellationToken cancellation) =>
        await metrics.FindAsync(node, cancellation) is { } found
            ? Answer.WrittenFrom<MetricsResponse, MetricsSnapshot>(found, MetricsWriter.WriteOne)
            : NotFound(node);

    private static ApiFailure NotFound(string node) => Failure.NotFound.Because($"Node not found: {node}");
}
