using System.Text.Json.Serialization;
using Emqx.Broker.Cluster;
using Emqx.Mgmt.Api.Validation;

namespace Emqx.Mgmt.Api.Status;

/// <summary>Whether the node is up, for load balancers and probes.</summary>
internal static class StatusEndpoints
{
    public static void MapStatus(this RouteGroupBuilder api)
    {
        var status = api.MapGroup("/status").WithTags("Status").WithJson<StatusJson>();

        status.MapGet("", GetStatus);
    }

    /// <summary>The same at the server's root, for any method.</summary>
    public static void MapRootStatus(this IEndpointRouteBuilder root) => root.MapAny("/status", GetRootStatus).WithTags("Status");

    /// <summary>The same without the framework's binding: a container's probe asks it first of all.</summary>
    private static Task GetRootStatus(HttpContext context)
    {
        var services = context.RequestServices;
        var query = new StatusQuery(context.Request.Query["format"]);
        return GetStatus(query, services.GetRequiredService<NodeIdentity>(), services.GetRequiredService<IHostApplicationLifetime>()).ExecuteAsync(context);
    }

    /// <summary>Tells whether the node is running; as text, or as JSON with <c>format=json</c>.</summary>
    private static StatusAnswer GetStatus(StatusQuery query, NodeIdentity node, IHostApplicationLifetime lifetime)
    {
        var runs = !lifetime.ApplicationStopping.IsCancellationRequested;
        return new(new(node.Name, $"v{NodeIdentity.Version}", runs ? "started" : "stopped", runs ? "running" : "not_running"), runs, query.Format == "json");
    }
}

/// <summary>How the status is wanted.</summary>
/// <param name="Format"><c>json</c>; anything else is text.</param>
internal sealed record StatusQuery(string? Format = null) : IQueryString<StatusQuery>;

/// <summary>The state of the node.</summary>
/// <param name="NodeName">Its name.</param>
/// <param name="RelVsn">Release of EMQX whose API this is, <c>v5.8.9</c>.</param>
/// <param name="BrokerStatus"><c>started</c> or <c>stopped</c>.</param>
/// <param name="AppStatus"><c>running</c> or <c>not_running</c>.</param>
internal sealed record StatusResponse(string NodeName, string RelVsn, string BrokerStatus, string AppStatus);

[JsonSerializable(typeof(StatusResponse))]
internal sealed partial class StatusJson : JsonSerializerContext;
