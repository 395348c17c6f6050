using Emqx.Broker.Access;
using Emqx.Broker.Access.Authz;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Emqx.Mgmt.Api.Failures;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Emqx.Mgmt.Api.Authorization;

/// <summary>Authorization: which clients may publish and subscribe to what.</summary>
internal static class AuthorizationEndpoints
{
    public static IServiceCollection AddAuthorizationRules(this IServiceCollection services) => services.AddSingleton<RuleBook>();

    public static void MapAuthorization(this RouteGroupBuilder api)
    {
        var authorization = api.MapGroup("/authorization").WithTags("Authorization").WithJson<AuthorizationJson>();

        authorization.MapGet("/settings", GetAuthorizationSettings);
        authorization.MapPut("/settings", PutAuthorizationSettings).Fails(Failure.BadRequest);
        authorization.MapDelete("/cache", DeleteAuthorizationCache);
        authorization.MapAuthzSources();
        authorization.MapAuthzRules();
    }

    /// <summary>Shows the settings of authorization.</summary>
    private static JsonAnswer<AuthorizationSettingsResponse> GetAuthorizationSettings(RunningConfiguration running) => Show(running);

    /// <summary>Changes the settings of authorization; of what is left out the defaults count.</summary>
    private static async Task<Results<JsonAnswer<AuthorizationSettingsResponse>, ApiFailure>> PutAuthorizationSettings(AuthorizationSettingsRequest request,
        ISettingsControl control, RunningConfiguration running, CancellationToken cancellation)
    {
        var problems = await control.ChangeAsync<IReadOnlyList<Violation>>(present => new(Propose(request.Fields, present)), cancellation);
        return problems.Count == 0 ? Show(running) : Failure.BadRequest.Because(Violation.ToJson(problems));
    }

    /// <summary>Makes all clients' connections forget what was decided.</summary>
    private static async Task<NoContent> DeleteAuthorizationCache(IAuthorizationCacheControl caches, CancellationToken cancellation)
    {
        await caches.DrainAsync(cancellation);
        return Answer.NoContent();
    }

    private static SettingsProposal<IReadOnlyList<Violation>> Propose(ConfigObject given, PresentSettings present)
    {
        var fields = present[AuthorizationRoot.Name];
        foreach (var (name, value) in given)
            fields = fields.With(name, value);
        return present.Propose(AuthorizationRoot.Root, "", fields, Completion.Defaults);
    }

    private static JsonAnswer<AuthorizationSettingsResponse> Show(RunningConfiguration running) => Answer.WrittenFrom<AuthorizationSettingsResponse, ConfigValue>(
        running[AuthorizationRoot.Name].Without(AuthorizationRoot.Sources), static (writer, value) => ConfigJson.Write(writer, value));
}
