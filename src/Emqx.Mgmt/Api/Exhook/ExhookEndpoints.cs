using Emqx.Mgmt.Api.Failures;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Emqx.Mgmt.Api.Exhook;

/// <summary>Hook servers, which would be asked over gRPC: there are none, and none can be added yet.</summary>
internal static class ExhookEndpoints
{
    /// <summary>EMQX's code here is not that of its status.</summary>
    private static readonly Failure s_notFound = Failure.BadRequest.At(StatusCodes.Status404NotFound);

    public static void MapExhook(this RouteGroupBuilder api)
    {
        var servers = api.MapGroup("/exhooks").WithTags("ExHook").WithJson<ExhookJson>();
        servers.MapGet("", ListHookServers);
        servers.MapPost("", CreateHookServer).Fails(Failure.BadRequest);

        var server = servers.MapGroup("/{name}").Fails(Failure.BadRequest, s_notFound);
        server.MapGet("", GetHookServer);
        server.MapPut("", UpdateHookServer).Fails(Failure.NotFound);
        server.MapDelete("", DeleteHookServer);
        server.MapGet("/hooks", ListHooksOfServer);
        server.MapPost("/move", MoveHookServer);
    }

    /// <summary>Lists the hook servers in the order in which they are asked.</summary>
    private static JsonAnswer<HookServerResponse[]> ListHookServers() => Answer.Ok<HookServerResponse[]>([]);

    /// <summary>Would add a hook server; is refused.</summary>
    private static Results<JsonAnswer<HookServerResponse>, ApiFailure> CreateHookServer(HookServerRequest request) =>
        Failure.BadRequest.Because("Hook servers cannot be added: this server asks none yet");

    /// <summary>Shows a hook server.</summary>
    /// <param name="name">Its name.</param>
    private static Results<JsonAnswer<HookServerResponse>, ApiFailure> GetHookServer(string name) => NotFound();

    /// <summary>Would change a hook server.</summary>
    /// <param name="name">Its name.</param>
    private static Results<JsonAnswer<HookServerResponse>, ApiFailure> UpdateHookServer(string name, HookServerRequest request) =>
        Failure.NotFound.Because("Server not found");

    /// <summary>Would remove a hook server.</summary>
    /// <param name="name">Its name.</param>
    private static Results<NoContent, ApiFailure> DeleteHookServer(string name) => NotFound();

    /// <summary>Lists the hooks that a server wants to be asked about.</summary>
    /// <param name="name">The server's name.</param>
    private static Results<JsonAnswer<HookServerResponse[]>, ApiFailure> ListHooksOfServer(string name) => Failure.BadRequest.Because("Server not found");

    /// <summary>Would move a hook server within the list.</summary>
    /// <param name="name">Its name.</param>
    private static Results<NoContent, ApiFailure> MoveHookServer(string name, MoveHookServerRequest request) =>
        IsPosition(request.Position) ? NotFound() : Failure.BadRequest.Because("Invalid Position");

    private static bool IsPosition(string position) => position is "front" or "rear"
        || (position.StartsWith("before:", StringComparison.Ordinal) && position.Length > "before:".Length)
        || (position.StartsWith("after:", StringComparison.Ordinal) && position.Length > "after:".Length);

    private static ApiFailure NotFound() => s_notFound.Because("Server not found");
}
