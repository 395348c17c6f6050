using Emqx.Broker.Cluster;
using Emqx.Broker.Monitoring;
using Emqx.Mgmt.Api.Failures;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Emqx.Mgmt.Api.Stats;

/// <summary>Sizes of the broker's tables.</summary>
internal static class StatsEndpoints
{
    public static void MapStats(this RouteGroupBuilder api)
    {
        var stats = api.MapGroup("/stats").WithTags("Metrics").WithJson<StatsJson>();

        stats.MapGet("", GetStats).Fails(Failure.BadRequest);
    }

    /// <summary>Shows the statistics of each node, or their sums.</summary>
    private static async Task<Results<JsonAnswer<List<StatsResponse>>, JsonAnswer<StatsResponse>>>
        GetStats(StatsQuery query, IStatsDirectory stats, CancellationToken cancellation)
    {
        var nodes = await stats.ListAsync(cancellation);
        return query.Aggregate
            ? Answer.WrittenFrom<StatsResponse, StatsSnapshot>(StatsSnapshot.Sum(nodes), StatsWriter.WriteOne)
            : Answer.WrittenFrom<List<StatsResponse>, IReadOnlyList<NodeTagged<StatsSnapshot>>>(nodes, StatsWriter.WriteAll);
    }
}
