using Emqx.Broker.Cluster;
using Emqx.Broker.Metrics;
using Emqx.Mgmt.Api.Failures;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Emqx.Mgmt.Api.Metrics;

/// <summary>The broker's counters.</summary>
internal static class MetricsEndpoints
{
    public static void MapMetrics(this RouteGroupBuilder api)
    {
        var metrics = api.MapGroup("/metrics").WithTags("Metrics").WithJson<MetricsJson>();

        metrics.MapGet("", GetMetrics).Fails(Failure.BadRequest, Failure.BadRpc);
    }

    /// <summary>Shows the counters of each node, of one node, or their sums.</summary>
    private static async Task<Results<JsonAnswer<List<MetricsResponse>>,
        JsonAnswer<MetricsResponse>>> GetMetrics(MetricsQuery query, IMetricsDirectory metrics, CancellationToken cancellation)
    {
        if (query.Aggregate)
            return Answer.WrittenFrom<MetricsResponse, MetricsSnapshot>(MetricsSnapshot.Sum(await metrics.ListAsync(cancellation)), MetricsWriter.WriteOne);

        var nodes = query.Node is { } node ? await OfNodeAsync(node, metrics, cancellation) : await metrics.ListAsync(cancellation);
        return Answer.WrittenFrom<List<MetricsResponse>, IReadOnlyList<NodeTagged<MetricsSnapshot>>>(nodes, MetricsWriter.WriteAll);
    }

    private static async ValueTask<IReadOnlyList<NodeTagged<MetricsSnapshot>>> OfNodeAsync(string node, IMetricsDirectory metrics,
        CancellationToken cancellation) =>
        await metrics.FindAsync(node, cancellation) is { } found ? [new NodeTagged<MetricsSnapshot>(node, found)] : [];
}
