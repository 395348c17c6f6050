using Emqx.Broker.Monitoring;
using Emqx.Mgmt.Api.Failures;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Emqx.Mgmt.Api.Monitor;

/// <summary>The broker's history and its rates.</summary>
internal static class MonitorEndpoints
{
    /// <summary>In the place of a node's name: all nodes as one.</summary>
    private const string WholeCluster = "all";

    public static void MapMonitor(this RouteGroupBuilder api)
    {
        var monitor = api.MapGroup("").WithTags("Metrics").WithJson<MonitorJson>().Fails(Failure.BadRpc);

        monitor.MapGet("/monitor", ListSamples).Fails(Failure.BadRequest);
        monitor.MapDelete("/monitor", DeleteSamples);
        monitor.MapGet("/monitor/nodes/{node}", ListNodeSamples).Fails(Failure.BadRequest, Failure.NotFound);
        monitor.MapGet("/monitor_current", GetRates);
        monitor.MapGet("/monitor_current/nodes/{node}", GetNodeRates).Fails(Failure.NotFound);
    }

    /// <summary>Lists the samples of the cluster, the oldest first.</summary>
    private static async Task<JsonAnswer<MonitorSampleResponse[]>> ListSamples(MonitorQuery query, IMonitorDirectory monitor, CancellationToken cancellation) =>
        Answer.Ok(ToResponse((await monitor.ListAsync(node: null, query.Latest, cancellation))!, ofCluster: true));

    /// <summary>Forgets all samples.</summary>
    private static async Task<NoContent> DeleteSamples(IMonitorDirectory monitor, CancellationToken cancellation)
    {
        await monitor.ClearAsync(cancellation);
        return Answer.NoContent();
    }

    /// <summary>Lists the samples of one node, the oldest first.</summary>
    /// <param name="node">Node name, <c>emqx@127.0.0.1</c>.</param>
    private static async Task<Results<JsonAnswer<MonitorSampleResponse[]>, ApiFailure>> ListNodeSamples(string node, MonitorQuery query,
        IMonitorDirectory monitor, CancellationToken cancellation)
    {
        var found = await monitor.ListAsync(node == WholeCluster ? null : node, query.Latest, cancellation);
        return found is not null ? Answer.Ok(ToResponse(found, ofCluster: node == WholeCluster)) : NotFound(node);
    }

    /// <summary>Shows the cluster's rates at this moment.</summary>
    private static async Task<JsonAnswer<MonitorRatesResponse>> GetRates(IMonitorDirectory monitor, CancellationToken cancellation) =>
        Answer.Ok(MonitorRatesResponse.OfCluster((await monitor.CurrentAsync(node: null, cancellation))!));

    /// <summary>Shows one node's rates at this moment.</summary>
    /// <param name="node">Node name, <c>emqx@127.0.0.1</c>.</param>
    private static async Task<Results<JsonAnswer<MonitorRatesResponse>, ApiFailure>> GetNodeRates(string node, IMonitorDirectory monitor,
        CancellationToken cancellation)
    {
        if (node == WholeCluster)
            return await GetRates(monitor, cancellation);
        return await monitor.CurrentAsync(node, cancellation) is { } rates ? Answer.Ok(MonitorRatesResponse.OfNode(rates)) : NotFound(node);
    }

    private static MonitorSampleResponse[] ToResponse(IReadOnlyList<MonitorPoint> points, bool ofCluster)
    {
        var answer = new MonitorSampleResponse[points.Count];
        for (var i = 0; i < answer.Length; i++)
            answer[i] = MonitorSampleResponse.From(points[i], ofCluster);
        return answer;
    }

    private static ApiFailure NotFound(string node) => Failure.NotFound.Because($"Node not found: {node}");
}
