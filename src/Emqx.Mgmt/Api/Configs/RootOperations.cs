using Emqx.Broker.Settings;
using Emqx.Broker.Settings.Layers;
using Emqx.Mgmt.Api.Failures;
using Emqx.Mgmt.Api.OpenApi;

namespace Emqx.Mgmt.Api.Configs;

/// <summary>Two operations for each root that has an address.</summary>
internal static class RootOperations
{
    /// <summary>Maps them: the same handlers for all, which find their root at the endpoint.</summary>
    public static void MapRoots(this RouteGroupBuilder configs, SettingsCatalogue catalogue, Delegate get, Delegate put)
    {
        foreach (var root in catalogue.Roots)
        {
            if (root.Address is not { } address)
                continue;

            var path = $"/configs/{root.Name}";
            Describe(configs.MapGet(path, get), root, $"Get{PascalOf(root)}Config", $"Shows {address.Says}.");
            Describe(configs.MapPut(path, put), root, $"Put{PascalOf(root)}Config", $"Changes {address.Says}{Completed(root.Completion)}.")
                .Fails(Failure.BadRequest, Failure.UpdateFailed);
        }
    }

    /// <summary>The root that the request is about.</summary>
    public static Root RootOf(HttpContext context) => context.GetEndpoint()!.Metadata.GetRequiredMetadata<Root>();

    /// <summary>The name of a root as types are named.</summary>
    public static string PascalOf(Root root) => string.Concat(root.Name.Split('_').Select(static word => char.ToUpperInvariant(word[0]) + word[1..]));

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder operation, Root root, string name, string summary)
    {
        operation.WithMetadata(root).WithName(name).WithSummary(summary);
        return root.Address!.IsHidden ? operation.Hidden() : operation;
    }

    private static string Completed(Completion completion) => completion switch
    {
        Completion.Present => "; what is left out stays",
        Completion.Sections => "; sections left out stay",
        _ => "",
    };
}
