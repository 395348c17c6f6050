using Emqx.Broker.Cluster;
using Emqx.Mgmt.Api.Failures;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Emqx.Mgmt.Api.Cluster;

/// <summary>Which nodes belong together.</summary>
internal static class ClusterEndpoints
{
    public static IServiceCollection AddCluster(this IServiceCollection services) =>
        services.AddSingleton<IValidator<InviteRequest>, InviteRequestValidator>();

    public static void MapCluster(this RouteGroupBuilder api)
    {
        var cluster = api.MapGroup("/cluster").WithTags("Cluster").WithJson<ClusterJson>();

        cluster.MapGet("", GetCluster);
        cluster.MapGet("/topology", GetTopology);
        cluster.MapGet("/invitation", ListInvitations);
        cluster.MapPut("/{node}/invite", InviteNode).Fails(Failure.BadRequest);
        cluster.MapPut("/{node}/invite_async", InviteNodeInBackground).Fails(Failure.BadRequest);
        cluster.MapDelete("/{node}/force_leave", RemoveNode).Fails(Failure.BadRequest, Failure.NotFound);
    }

    /// <summary>Shows the cluster that this node belongs to.</summary>
    private static async Task<JsonAnswer<ClusterResponse>> GetCluster(IClusterControl cluster, INodeDirectory nodes, CancellationToken cancellation)
    {
        var running = (await nodes.ListAsync(cancellation)).Where(node => node.Running is not null).Select(node => node.Name);
        return Answer.Ok(new ClusterResponse(cluster.Name, nodes.Self, [.. running]));
    }

    /// <summary>Shows the core nodes and who follows them.</summary>
    private static async Task<JsonAnswer<TopologyResponse[]>> GetTopology(INodeDirectory nodes, CancellationToken cancellation)
    {
        var core = (await nodes.ListAsync(cancellation)).Where(node => node is { Running: not null, Role: "core" });
        return Answer.Ok<TopologyResponse[]>([.. core.Select(node => new TopologyResponse(node.Name, []))]);
    }

    /// <summary>Lists what became of the invitations sent in the background.</summary>
    private static JsonAnswer<InvitationsResponse> ListInvitations(IClusterControl cluster, TimeProvider time)
    {
        var all = cluster.Invitations;
        return Answer.Ok(new InvitationsResponse(
            Select(one => one is { FinishedAt: not null, Failure: null }), Select(one => one.FinishedAt is null), Select(one => one.Failure is not null)));

        InvitationResponse[] Select(Func<Invitation, bool> which) => [.. all.Where(which).Select(one => InvitationResponse.From(one, time))];
    }

    /// <summary>Asks a node to join the cluster, and waits for it.</summary>
    private static async Task<Results<Ok, ApiFailure>> InviteNode(ClusterPath path, InviteRequest request, IClusterControl cluster,
        CancellationToken cancellation)
    {
        var failure = await cluster.InviteAsync(path.Node, TimeSpan.FromMilliseconds(Math.Min(request.Timeout, int.MaxValue)), cancellation);
        return failure is null ? TypedResults.Ok() : Failure.BadRequest.Because(failure);
    }

    /// <summary>Asks a node to join the cluster, and does not wait.</summary>
    private static Results<Ok, ApiFailure> InviteNodeInBackground(ClusterPath path, IClusterControl cluster) =>
        cluster.InviteInBackground(path.Node) is { } failure ? Failure.BadRequest.Because(failure) : TypedResults.Ok();

    /// <summary>Removes a node from the cluster.</summary>
    private static async Task<Results<NoContent, ApiFailure>> RemoveNode(ClusterPath path, IClusterControl cluster, CancellationToken cancellation) =>
        await cluster.RemoveAsync(path.Node, cancellation) is { } failure ? Failure.BadRequest.Because(failure) : Answer.NoContent();
}
