using Emqx.Broker.Access;
using Emqx.Broker.Clients;
using Emqx.Broker.Collections;
using Emqx.Mgmt.Api.Failures;
using Emqx.Mgmt.Api.Json;
using Emqx.Mgmt.Api.OpenApi;
using Emqx.Mgmt.Api.Paging;
using Emqx.Mgmt.Api.Validation;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using ClientAnswer = Emqx.Mgmt.Api.Json.RowAnswer<Emqx.Mgmt.Api.Clients.ClientResponse, Emqx.Broker.Clients.ClientRow, Emqx.Mgmt.Api.Clients.ClientColumns>;
using ClientPageAnswer = Emqx.Mgmt.Api.Json.RowAnswer<Emqx.Mgmt.Api.Paging.Paged<Emqx.Mgmt.Api.Clients.ClientResponse>, Emqx.Broker.Clients.ClientRow, Emqx.Mgmt.Api.Clients.ClientColumns>;
using ClientWalkAnswer = Emqx.Mgmt.Api.Json.RowAnswer<Emqx.Mgmt.Api.Paging.CursorPage<Emqx.Mgmt.Api.Clients.ClientResponse>, Emqx.Broker.Clients.ClientRow, Emqx.Mgmt.Api.Clients.ClientColumns>;

namespace Emqx.Mgmt.Api.Clients;

/// <summary>Clients: who is connected, and whose session waits.</summary>
internal static partial class ClientsEndpoints
{
    public static IServiceCollection AddClients(this IServiceCollection services) => services
        .AddSingleton<IValidator<ClientListQuery>, ClientListQueryValidator>()
        .AddSingleton<IValidator<CursorQuery>, CursorQueryValidator>()
        .AddSingleton<IValidator<KeepAliveRequest>, KeepAliveRequestValidator>();

    public static void MapClients(this RouteGroupBuilder api)
    {
        var clients = api.MapGroup("").WithTags("Clients").WithJson<ClientsJson>();

        clients.MapGet("/clients", ListClients).WithPaging().Fails(Failure.BadRequest, Failure.InvalidParameter, Failure.NodeDown);
        clients.MapGet("/clients_v2", WalkClients).Fails(Failure.BadRequest, Failure.InvalidParameter, Failure.NodeDown).Hidden();
        clients.MapGet("/sessions_count", CountSessions).Fails(Failure.BadRequest);
        clients.MapPost("/clients/kickout/bulk", KickClients).Fails(Failure.BadRequest, Failure.UnsupportedMediaType, Failure.BadRpc).WithMetadata(BodyLimit.Lists);

        var client = clients.MapGroup("/clients/{clientid}").Fails(Failure.ClientIdNotFound, Failure.BadRpc);
        client.MapGet("", GetClient);
        client.MapDelete("", KickClient);
        client.MapPut("/keepalive", SetKeepAlive).Fails(Failure.BadRequest, Failure.UnsupportedMediaType).Hidden();
        client.MapGet("/authorization/cache", GetAuthorizationCache);
        client.MapDelete("/authorization/cache", ClearAuthorizationCache);
        client.MapGet("/mqueue_messages", ListQueuedMessages).Fails(Failure.BadRequest, Failure.InvalidParameter);
        client.MapGet("/inflight_messages", ListInflightMessages).Fails(Failure.BadRequest, Failure.InvalidParameter);
        client.MapSubscribing();
    }

    /// <summary>Lists clients, in descending order of their ids.</summary>
    private static async Task<Results<ClientPageAnswer, ApiFailure>> ListClients(PageQuery page, ClientListQuery query, IClientDirectory clients,
        CancellationToken cancel)
    {
        var rows = await clients.ListAsync(query.ToFilter(withNode: true), page.Number, page.Limit, cancel);
        return rows.UnreachableNode is { } node
            ? ControlAnswers.NodeDown(node, rows.UnreachableReason)
            : new ClientPageAnswer(rows, ClientColumns.Parse(query.Fields, out _)!, ClientJsonWriter.Write, ClientJsonWriter.TypicalRow);
    }

    /// <summary>Walks through clients with a cursor. Who stays connected during the walk is met exactly once.</summary>
    private static async Task<Results<ClientWalkAnswer, ApiFailure>> WalkClients(CursorQuery walk, ClientListQuery query, IClientDirectory clients,
        CancellationToken cancel)
    {
        var after = walk.Cursor is not null && ClientCursor.TryDecode(walk.Cursor, out var last) ? last : null;
        var rows = await clients.WalkAsync(query.ToFilter(withNode: false), after, walk.Limit, cancel);
        if (rows.UnreachableNode is { } node)
            return ControlAnswers.NodeDown(node, rows.UnreachableReason);
        var cursor = rows.HasNext ? ClientCursor.Encode(rows[rows.Count - 1].View.ClientId) : null;
        return new ClientWalkAnswer(rows, ClientColumns.All, ClientJsonWriter.Write, RowMeta.Walk(cursor), ClientJsonWriter.TypicalRow);
    }

    /// <summary>Counts the sessions, those of absent clients among them.</summary>
    private static async Task<JsonAnswer<long>> CountSessions(SessionsCountQuery query, IClientDirectory clients, CancellationToken cancel)
    {
        _ = query; // EMQX adds sessions that expired since then, but it keeps no history unless told to
        return Answer.Ok<long>((await clients.CountAsync(cancel)).Sessions);
    }

    /// <summary>Describes one client.</summary>
    /// <param name="clientid">Its client id.</param>
    private static async Task<Results<ClientAnswer, ApiFailure>> GetClient(string clientid, IClientDirectory clients, CancellationToken cancel) =>
        await clients.FindAsync(clientid, cancel) is { } row ? One(row) : ControlAnswers.ClientNotFound;

    /// <summary>Kicks a client: its connection and its session end. It may connect again.</summary>
    /// <param name="clientid">Its client id.</param>
    private static async Task<Results<NoContent, ApiFailure>> KickClient(string clientid, IClientControl control, CancellationToken cancel) =>
        (await control.KickAsync(clientid, cancel)).Failed() is { } failure ? failure : Answer.NoContent();

    /// <summary>Kicks many clients. Unknown ids do not matter.</summary>
    private static async Task<Results<NoContent, ApiFailure>> KickClients(BodyList<string> clientids, IClientControl control, CancellationToken cancel) =>
        (await control.KickAsync(clientids.Items, cancel)).Failed() is { } failure ? failure : Answer.NoContent();

    /// <summary>Changes how long a client may stay silent.</summary>
    /// <param name="clientid">Its client id.</param>
    private static async Task<Results<ClientAnswer, ApiFailure>> SetKeepAlive(string clientid, KeepAliveRequest request, IClientControl control,
        CancellationToken cancel)
    {
        var result = await control.SetKeepAliveAsync(clientid, request.Interval!.Value, cancel);
        return result.Outcome.Failed() is { } failure ? failure : One(result.Value);
    }

    /// <summary>Shows which authorization decisions are remembered for a client.</summary>
    /// <param name="clientid">Its client id.</param>
    private static async Task<Results<JsonAnswer<IReadOnlyList<AuthorizationDecisionResponse>>, ApiFailure>> GetAuthorizationCache(string clientid,
        IClientControl control, CancellationToken cancel)
    {
        var result = await control.GetAuthorizationCacheAsync(clientid, cancel);
        return result.Outcome.Failed() is { } failure
            ? failure
            : Answer.Ok<IReadOnlyList<AuthorizationDecisionResponse>>(Array.ConvertAll(result.Value!, ToResponse));
    }

    /// <summary>Forgets the authorization decisions for a client.</summary>
    /// <param name="clientid">Its client id.</param>
    private static async Task<Results<NoContent, ApiFailure>> ClearAuthorizationCache(string clientid, IClientControl control, CancellationToken cancel) =>
        (await control.ClearAuthorizationCacheAsync(clientid, cancel)).Failed() is { } failure ? failure : Answer.NoContent();

    /// <summary>Lists the messages that wait for a client.</summary>
    /// <param name="clientid">Its client id.</param>
    private static Task<Results<JsonAnswer<ClientMessagesResponse>, ApiFailure>> ListQueuedMessages(string clientid, ClientMessagesQuery query,
        IClientControl control, CancellationToken cancel) => ListMessages(clientid, MessageList.Mqueue, query, control, cancel);

    /// <summary>Lists the messages that a client has been sent and has not acknowledged.</summary>
    /// <param name="clientid">Its client id.</param>
    private static Task<Results<JsonAnswer<ClientMessagesResponse>, ApiFailure>> ListInflightMessages(string clientid, ClientMessagesQuery query,
        IClientControl control, CancellationToken cancel) => ListMessages(clientid, MessageList.Inflight, query, control, cancel);

    private static async Task<Results<JsonAnswer<ClientMessagesResponse>, ApiFailure>> ListMessages(string clientid, MessageList list,
        ClientMessagesQuery query, IClientControl control, CancellationToken cancel)
    {
        if (query.ToSlice(list, out var invalid) is not { } wanted)
            return invalid!;
        var result = await control.GetMessagesAsync(clientid, wanted, cancel);
        return result.Outcome.Failed() is { } failure
            ? failure
            : Answer.WrittenFrom<ClientMessagesResponse, ClientMessages>(new ClientMessages(result.Value!, wanted), ClientMessages.Write);
    }

    private static ClientAnswer One(ClientRow row)
    {
        var rows = new RowPage<ClientRow>(1);
        rows.Add(row);
        return new ClientAnswer(rows, ClientColumns.All, ClientJsonWriter.Write, RowMeta.Single, ClientJsonWriter.TypicalRow);
    }

    private static AuthorizationDecisionResponse ToResponse(AuthorizationCacheEntry entry)
    {
        var access = entry.Access;
        return new AuthorizationDecisionResponse(
            new AuthorizationAccessResponse(access.IsPublish ? "publish" : "subscribe", access.Qos, access.IsPublish ? access.Retain : null),
            access.Topic, entry.IsAllowed ? "allow" : "deny", entry.UpdatedAt);
    }
}
