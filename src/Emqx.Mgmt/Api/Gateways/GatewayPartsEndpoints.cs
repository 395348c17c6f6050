using Emqx.Mgmt.Api.Failures;
using Emqx.Mgmt.Api.Paging;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Emqx.Mgmt.Api.Gateways;

/// <summary>What a loaded gateway has: reading it answers as EMQX does while the gateway is not loaded.</summary>
internal static class GatewayPartsEndpoints
{
    public static void MapGatewayParts(this RouteGroupBuilder api)
    {
        var clients = Parts(api, "Gateway Clients").MapGroup("/clients");
        clients.MapGet("", ListGatewayClients).WithPaging();
        clients.MapGet("/{clientid}", GetGatewayClient);
        clients.MapGet("/{clientid}/subscriptions", ListGatewayClientSubscriptions);

        var listeners = Parts(api, "Gateway Listeners").MapGroup("/listeners");
        listeners.MapGet("", ListGatewayListeners);
        listeners.MapGet("/{id}", GetGatewayListener);
        listeners.MapGet("/{id}/authentication", GetGatewayListenerAuthentication);
        listeners.MapGet("/{id}/authentication/users", ListGatewayListenerUsers).WithPaging();
        listeners.MapGet("/{id}/authentication/users/{uid}", GetGatewayListenerUser);

        var authentication = Parts(api, "Gateway Authentication").MapGroup("/authentication");
        authentication.MapGet("", GetGatewayAuthentication);
        authentication.MapGet("/users", ListGatewayUsers).WithPaging();
        authentication.MapGet("/users/{uid}", GetGatewayUser);
    }

    private static RouteGroupBuilder Parts(RouteGroupBuilder api, string tag) =>
        api.MapGroup("/gateways/{name}").WithTags(tag).Fails(Failure.BadRequest, Failure.ResourceNotFound);

    /// <summary>Lists the clients of a gateway.</summary>
    private static Results<PageRows<GatewayPartResponse>, ApiFailure> ListGatewayClients(GatewayPath path, PageQuery page) => NotLoaded();

    /// <summary>Shows a client of a gateway.</summary>
    private static Results<JsonAnswer<GatewayPartResponse>, ApiFailure> GetGatewayClient(GatewayClientPath path) => NotLoaded();

    /// <summary>Lists the subscriptions of a client of a gateway.</summary>
    private static Results<JsonAnswer<GatewayPartResponse[]>, ApiFailure> ListGatewayClientSubscriptions(GatewayClientPath path) => NotLoaded();

    /// <summary>Lists the listeners of a gateway.</summary>
    private static Results<JsonAnswer<GatewayPartResponse[]>, ApiFailure> ListGatewayListeners(GatewayPath path) => NotLoaded();

    /// <summary>Shows a listener of a gateway.</summary>
    private static Results<JsonAnswer<GatewayPartResponse>, ApiFailure> GetGatewayListener(GatewayListenerPath path) => NotLoaded();

    /// <summary>Shows the authenticator of a gateway's listener.</summary>
    private static Results<JsonAnswer<GatewayPartResponse>, ApiFailure> GetGatewayListenerAuthentication(GatewayListenerPath path) => NotLoaded();

    /// <summary>Lists the users of a gateway's listener.</summary>
    private static Results<PageRows<GatewayPartResponse>, ApiFailure> ListGatewayListenerUsers(GatewayListenerPath path, PageQuery page) => NotLoaded();

    /// <summary>Shows a user of a gateway's listener.</summary>
    private static Results<JsonAnswer<GatewayPartResponse>, ApiFailure> GetGatewayListenerUser(GatewayListenerUserPath path) => NotLoaded();

    /// <summary>Shows the authenticator of a gateway.</summary>
    private static Results<JsonAnswer<GatewayPartResponse>, ApiFailure> GetGatewayAuthentication(GatewayPath path) => NotLoaded();

    /// <summary>Lists the users of a gateway.</summary>
    private static Results<PageRows<GatewayPartResponse>, ApiFailure> ListGatewayUsers(GatewayPath path, PageQuery page) => NotLoaded();

    /// <summary>Shows a user of a gateway.</summary>
    private static Results<JsonAnswer<GatewayPartResponse>, ApiFailure> GetGatewayUser(GatewayUserPath path) => NotLoaded();

    private static ApiFailure NotLoaded() => Failure.ResourceNotFound.Because("Gateway not loaded");
}
