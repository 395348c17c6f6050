using Emqx.Broker.Cluster;
using Emqx.Mgmt.Api.Failures;
using Emqx.Mgmt.Api.Validation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Emqx.Mgmt.Api.Relup;

/// <summary>Upgrades without a restart: no node is ever in one.</summary>
internal static class RelupEndpoints
{
    private const string NoPackage = "No relup package is installed";
    private const string PackageName = "emqx_relup";

    public static void MapRelup(this RouteGroupBuilder api)
    {
        var relup = api.MapGroup("/relup").WithTags("Relup").WithJson<RelupJson>();
        relup.MapGet("/status", ListRelupStatus);
        relup.MapGet("/status/{node}", GetRelupStatus).Fails(Failure.NotFound, Failure.BadRpc);
        relup.MapGet("/package", GetRelupPackage).Fails(Failure.NotFound);
        relup.MapDelete("/package", DeleteRelupPackage);
        relup.MapPost("/package/upload", UploadRelupPackage).Fails(Failure.BadRequest, Failure.Forbidden)
            .WithMetadata(new ReadsOwnBody(), new UploadMetadata("plugin"), BodyLimit.Packages);
        relup.MapPost("/upgrade", UpgradeNodes).Fails(Failure.BadRequest);
        relup.MapPost("/upgrade/{node}", UpgradeNode).Fails(Failure.BadRequest);
    }

    /// <summary>Shows how the upgrade of each node stands.</summary>
    private static async Task<JsonAnswer<RelupStatusResponse[]>> ListRelupStatus(INodeDirectory nodes, CancellationToken cancellation)
    {
        var found = await nodes.ListAsync(cancellation);
        return Answer.Ok<RelupStatusResponse[]>([.. found.Where(static node => node.Running is not null).Select(Show)]);
    }

    /// <summary>Shows how the upgrade of a node stands.</summary>
    /// <param name="node">Node name, <c>emqx@127.0.0.1</c>.</param>
    private static async Task<Results<JsonAnswer<RelupStatusResponse>, ApiFailure>> GetRelupStatus(string node, INodeDirectory nodes, CancellationToken cancellation) =>
        await nodes.FindAsync(node, cancellation) is { Running: not null } found ? Answer.Ok(Show(found)) : Failure.NotFound.Because($"Node not found: {node}");

    /// <summary>Shows the package to upgrade with.</summary>
    private static Results<JsonAnswer<RelupPackageResponse>, ApiFailure> GetRelupPackage() => Failure.NotFound.Because(NoPackage);

    /// <summary>Removes the package to upgrade with, where there is one.</summary>
    private static NoContent DeleteRelupPackage() => Answer.NoContent();

    /// <summary>Would take a package to upgrade with, the form's field <c>plugin</c>. No package is allowed.</summary>
    private static async Task<Results<NoContent, ApiFailure>> UploadRelupPackage(HttpContext context)
    {
        if (await PackageForm.ReadNameAsync(context) is not { } file)
            return Failure.BadRequest.Because("The form has no file in its field plugin");
        return PackageForm.IsVersioned(file) && file.Split('-')[0] == PackageName
            ? Failure.Forbidden.Because("Package is not allowed installation: this server is upgraded by a restart")
            : Failure.BadRequest.Because($"Invalid relup package name: {file}");
    }

    /// <summary>Would upgrade all nodes.</summary>
    private static Results<NoContent, ApiFailure> UpgradeNodes() => Failure.BadRequest.Because(NoPackage);

    /// <summary>Would upgrade a node.</summary>
    /// <param name="node">Node name, <c>emqx@127.0.0.1</c>.</param>
    private static Results<NoContent, ApiFailure> UpgradeNode(string node) => Failure.BadRequest.Because(NoPackage);

    private static RelupStatusResponse Show(NodeFacts node) => new(node.Name, "idle", node.Role, node.Running!.LiveConnections, node.Running.Version, []);
}
