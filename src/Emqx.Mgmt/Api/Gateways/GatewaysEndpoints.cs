using Emqx.Mgmt.Api.Failures;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Emqx.Mgmt.Api.Gateways;

/// <summary>Gateways for other protocols: none is loaded, and none can be yet.</summary>
internal static class GatewaysEndpoints
{
    private const string Unloaded = "unloaded";
    private static readonly string[] s_statuses = ["running", "stopped", Unloaded];

    public static void MapGateways(this RouteGroupBuilder api)
    {
        var gateways = api.MapGroup("/gateways").WithTags("Gateways").WithJson<GatewaysJson>().Fails(Failure.BadRequest);
        gateways.MapGet("", ListGateways);
        gateways.MapGet("/{name}", GetGateway);
        gateways.MapPut("/{name}", PutGateway);
        gateways.MapPut("/{name}/enable/{enable}", EnableGateway).Fails(Failure.ResourceNotFound);

        api.MapGatewayParts();
    }

    /// <summary>Lists the gateways, those that are not loaded too.</summary>
    private static Results<JsonAnswer<GatewayResponse[]>, ApiFailure> ListGateways(GatewaysQuery query)
    {
        if (query.Status != "all" && !s_statuses.Contains(query.Status))
            return Failure.BadRequest.Because($"Unknown gateway status in query: {query.Status}\nValues allowed: {string.Join(", ", s_statuses)}");
        return Answer.Ok<GatewayResponse[]>(query.Status is "all" or Unloaded ? [.. Enum.GetValues<GatewayName>().Select(Show)] : []);
    }

    /// <summary>Shows a gateway.</summary>
    private static JsonAnswer<GatewayResponse> GetGateway(GatewayPath path) => Answer.Ok(Show(path.Name));

    /// <summary>Would load a gateway; is refused.</summary>
    private static Results<NoContent, ApiFailure> PutGateway(GatewayPath path, GatewayRequest request) =>
        Failure.BadRequest.Because($"{WordOf(path.Name)} cannot be loaded: there are no gateways in this server yet");

    /// <summary>Would turn a loaded gateway on or off.</summary>
    private static Results<NoContent, ApiFailure> EnableGateway(GatewayEnablePath path) => Failure.ResourceNotFound.Because("NOT FOUND");

    private static GatewayResponse Show(GatewayName name) => new(WordOf(name), Unloaded);

    private static string WordOf(GatewayName name) => name.ToString().ToLowerInvariant();
}
