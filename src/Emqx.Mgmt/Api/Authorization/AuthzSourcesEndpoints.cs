using Emqx.Broker.Access.Authz;
using Emqx.Broker.Access.Authz.BuiltIn;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Emqx.Mgmt.Api.Failures;
using Emqx.Mgmt.Api.Validation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Emqx.Mgmt.Api.Authorization;

/// <summary>The sources of authorization rules, and the order in which they are asked.</summary>
internal static class AuthzSourcesEndpoints
{
    /// <summary>Maps them below <c>/authorization</c>.</summary>
    public static void MapAuthzSources(this RouteGroupBuilder authorization)
    {
        var sources = authorization.MapGroup("/sources");

        sources.MapGet("", ListAuthzSources);
        sources.MapPost("", CreateAuthzSource).Fails(Failure.BadRequest);
        sources.MapPut("/order", PutAuthzSourceOrder).Fails(Failure.BadRequest);
        sources.MapGet("/{type}", GetAuthzSource).Fails(Failure.BadRequest, Failure.NotFound);
        sources.MapPut("/{type}", PutAuthzSource).Fails(Failure.BadRequest, Failure.NotFound);
        sources.MapDelete("/{type}", DeleteAuthzSource).Fails(Failure.BadRequest, Failure.NotFound);
        sources.MapGet("/{type}/status", GetAuthzSourceStatus).Fails(Failure.BadRequest, Failure.NotFound);
        sources.MapPost("/{type}/move", MoveAuthzSource).Fails(Failure.BadRequest, Failure.NotFound);
    }

    /// <summary>That there is no such source.</summary>
    public static ApiFailure NotFound(string type) => Failure.NotFound.Because($"Not found: {type}");

    /// <summary>Lists the sources in the order in which they are asked.</summary>
    private static JsonAnswer<AuthzSourcesResponse> ListAuthzSources(AuthzSourceList sources) => Answer.WrittenFrom<AuthzSourcesResponse, ConfigValue>(
        new ConfigObject(new() { [AuthorizationRoot.Sources] = new ConfigArray(sources.List()) }), static (writer, value) => ConfigJson.Write(writer, value));

    /// <summary>Adds a source in front of the others; there is one of each type at most.</summary>
    private static Task<Results<NoContent, ApiFailure>> CreateAuthzSource(AuthzSourceRequest request, ISettingsControl control, CancellationToken cancellation) =>
        ChangeAsync(control, present => AuthzSourceChanges.Add(request.Fields, present), cancellation);

    /// <summary>Puts the sources in another order; each is named once.</summary>
    private static Task<Results<NoContent, ApiFailure>> PutAuthzSourceOrder(BodyList<AuthzOrderRequest> request, ISettingsControl control, CancellationToken cancellation) =>
        ChangeAsync(control, present => AuthzSourceChanges.Reorder([.. request.Items.Select(static one => one.Type.Word())], present), cancellation);

    /// <summary>Shows a source.</summary>
    private static Results<JsonAnswer<AuthzSourceResponse>, ApiFailure> GetAuthzSource(AuthzSourcePath path, AuthzSourceList sources) =>
        sources.Find(path.Type.Word()) is { } source
            ? Answer.WrittenFrom<AuthzSourceResponse, ConfigValue>(source, static (writer, value) => ConfigJson.Write(writer, value))
            : NotFound(path.Type.Word());

    /// <summary>Replaces the configuration of a source, which keeps its place.</summary>
    private static Task<Results<NoContent, ApiFailure>> PutAuthzSource(AuthzSourcePath path, AuthzSourceRequest request, ISettingsControl control,
        CancellationToken cancellation) =>
        ChangeAsync(control, present => AuthzSourceChanges.Replace(path.Type.Word(), request, present), cancellation);

    /// <summary>Removes a source. With the built-in database, while it is enabled, its rules go.</summary>
    private static async Task<Results<NoContent, ApiFailure>> DeleteAuthzSource(AuthzSourcePath path, ISettingsControl control, IAuthzRuleControl rules,
        CancellationToken cancellation)
    {
        var type = path.Type.Word();
        var removed = await control.ChangeAsync<ConfigObject?>(present => new(AuthzSourceChanges.Remove(type, present)), cancellation);
        if (removed is null)
            return NotFound(type);
        if (type == BuiltInSource.TypeName && AuthzSourcesKind.IsEnabled(removed))
            await rules.ClearAsync(cancellation);
        return Answer.NoContent();
    }

    /// <summary>Tells how a source does.</summary>
    private static async Task<Results<JsonAnswer<AuthzStatusResponse>, ApiFailure>> GetAuthzSourceStatus(AuthzSourcePath path, IAuthzSourceDirectory sources,
        CancellationToken cancellation)
    {
        var type = path.Type.Word();
        var own = await sources.CheckAsync(type, cancellation);
        return own.Count > 0 ? Answer.Ok(AuthzStatusResponse.From(own)) : NotFound(type);
    }

    /// <summary>Moves a source to the front, to the end, or next to another one.</summary>
    private static Task<Results<NoContent, ApiFailure>> MoveAuthzSource(AuthzSourcePath path, AuthzPositionRequest request, ISettingsControl control,
        CancellationToken cancellation) =>
        ChangeAsync(control, present => AuthzSourceChanges.Move(path.Type.Word(), request.Position, present), cancellation);

    private static async Task<Results<NoContent, ApiFailure>> ChangeAsync(ISettingsControl control, Func<PresentSettings, SettingsProposal<ApiFailure?>> change,
        CancellationToken cancellation) =>
        await control.ChangeAsync<ApiFailure?>(present => new(change(present)), cancellation) is { } refusal ? refusal : Answer.NoContent();
}
