using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings;
using Emqx.Broker.Settings.Layers;
using Emqx.Mgmt.Api.Failures;
using Emqx.Mgmt.Api.OpenApi;
using Emqx.Mgmt.Api.Validation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Emqx.Mgmt.Api.Configs;

/// <summary>The configuration: roots as JSON, all of it as text.</summary>
internal static class ConfigsEndpoints
{
    public static IServiceCollection AddConfigs(this IServiceCollection services) => services.AddSingleton<RootSwitches>().AddSingleton<SettingsOrigins>();

    public static void MapConfigs(this RouteGroupBuilder api)
    {
        var configs = api.MapGroup("").WithTags("Configs");

        configs.MapGet("/configs", GetConfigs).Fails(Failure.BadRequest, Failure.InvalidAccept, Failure.NotFound);
        configs.MapPut("/configs", PutConfigs).Fails(Failure.BadRequest).WithMetadata(new ReadsOwnBody());
        configs.MapGet("/configs/_origin", GetConfigOrigins).Fails(Failure.BadRequest).Hidden();
        configs.MapGet("/configs/global_zone", GetGlobalZone);
        configs.MapPut("/configs/global_zone", PutGlobalZone).Fails(Failure.BadRequest, Failure.UpdateFailed);
        configs.MapRoots(((IEndpointRouteBuilder)api).ServiceProvider.GetRequiredService<RunningConfiguration>().Catalogue, GetRootConfig, PutRootConfig);
        configs.MapPost("/configs_reset/{rootname}", ResetConfig).Fails(Failure.BadRequest, Failure.NoDefaultValue);
    }

    /// <summary>Shows the configuration: as HOCON text, all roots or one; as JSON, when only that is accepted, the roots that have an address.</summary>
    private static Results<HoconText, JsonAnswer<ConfigsDocument>, ApiFailure> GetConfigs(ConfigsQuery query, HttpRequest request,
        RunningConfiguration running, NodeConfiguration node)
    {
        var form = AcceptedForm.Of(request);
        if (form == AcceptedForm.Neither)
            return Failure.InvalidAccept.Because("{error,no_suitable_accept}");
        if (query.Node is { } name && name != node.NodeName)
            return Failure.NotFound.Because($"Bad node {name}, reason not found");
        if (form == AcceptedForm.Json)
            return Together<ConfigsDocument>(running);
        if (query.Key is { } key && running.Catalogue.Find(key) is null)
            return Failure.BadRequest.Because(NoSymbol(key, "key"));
        return new HoconText(query.Key is { } one ? [one] : [.. running.Catalogue.Roots.Select(root => root.Name)], running);
    }

    /// <summary>Changes the roots that a HOCON text names. Either all of it is applied or nothing.</summary>
    private static async Task<Results<Ok, RawAnswer>> PutConfigs(PutConfigsQuery query, HttpRequest request, RootSwitches switches,
        CancellationToken cancellation)
    {
        var text = await RequestBody.ReadTextAsync(request.HttpContext);
        var errors = await switches.ChangeAsync(present => HoconChange.Propose(text, query, present), HoconChange.Refused, cancellation);
        return errors is null ? TypedResults.Ok() : RawAnswer.Text(new ConfigObject(new() { ["errors"] = errors }).ToString(), StatusCodes.Status400BadRequest);
    }

    /// <summary>Shows each value with the layer that has set it, and whether another wins again at the next start. EMQX has nothing like it.</summary>
    private static async Task<Results<JsonAnswer<IReadOnlyList<SettingOriginResponse>>, ApiFailure>> GetConfigOrigins(OriginsQuery query, RunningConfiguration running,
        SettingsOrigins origins, CancellationToken cancellation)
    {
        if (query.Key is { } key && running.Catalogue.Find(key) is null)
            return Failure.BadRequest.Because(NoSymbol(key, "key"));
        var found = await origins.OfAsync(query.Key, cancellation);
        return Answer.WrittenFrom<IReadOnlyList<SettingOriginResponse>, IReadOnlyList<SettingOrigin>>(found, SettingOriginResponse.Write);
    }

    /// <summary>Shows the settings that all zones inherit.</summary>
    private static JsonAnswer<GlobalZoneDocument> GetGlobalZone(RunningConfiguration running) => Together<GlobalZoneDocument>(running);

    /// <summary>Replaces the settings that all zones inherit. All roots are needed; fields left out get their defaults. New connections see the change.</summary>
    private static async Task<Results<JsonAnswer<GlobalZoneDocument>, ApiFailure>> PutGlobalZone(GlobalZoneRequest request,
        RunningConfiguration running, RootSwitches switches, CancellationToken cancellation) =>
        await RefusedAsync(request.Propose, switches, cancellation) is { } failure ? failure : GetGlobalZone(running);

    /// <summary>Shows a root.</summary>
    private static JsonAnswer<RootDocument> GetRootConfig(HttpContext context, RunningConfiguration running) => Show(RootOperations.RootOf(context), running);

    /// <summary>Changes a root.</summary>
    private static async Task<Results<JsonAnswer<RootDocument>, ApiFailure>> PutRootConfig(RootRequest request, RunningConfiguration running,
        RootSwitches switches, CancellationToken cancellation) =>
        await RefusedAsync(request.Propose, switches, cancellation) is { } failure ? failure : Show(request.Root, running);

    /// <summary>Puts one field of a root back to its default.</summary>
    /// <param name="rootname">Name of a root of the configuration.</param>
    private static async Task<Results<Ok, ApiFailure>> ResetConfig(string rootname, ResetQuery query, RunningConfiguration running,
        RootSwitches switches, CancellationToken cancellation)
    {
        if (!running.Catalogue.Addressed.Any(root => root.Name == rootname))
            return Failure.BadRequest.Because(NoSymbol(rootname, "rootname"));
        var path = query.ConfPath?.Split('.') ?? [];
        ApiFailure? refusal = null;
        var isReset = await switches.ChangeAsync(
            present => present.Reset(rootname, path) is { } change ? new SettingsProposal<bool>([change], true) : new SettingsProposal<bool>(false),
            violation => (refusal = Failure.BadRequest.Because(Violation.ToJson([violation]))) is null, cancellation);
        if (refusal is not null)
            return refusal;
        return isReset ? TypedResults.Ok() : Failure.NoDefaultValue.Because("No Default Value.");
    }

    private static JsonAnswer<RootDocument> Show(Root root, RunningConfiguration running) => Json<RootDocument>(running.Shown(root.Name));

    private static async ValueTask<ApiFailure?> RefusedAsync(Func<PresentSettings, SettingsProposal<IReadOnlyList<Violation>>> propose,
        RootSwitches switches, CancellationToken cancellation)
    {
        var problems = await switches.ChangeAsync(propose, static violation => [violation], cancellation);
        return problems.Count > 0 ? Failure.BadRequest.Because(Violation.ToJson(problems)) : null;
    }

    private static JsonAnswer<T> Together<T>(RunningConfiguration running) where T : IRootsDocument
    {
        var together = new OrderedDictionary<string, ConfigValue>();
        foreach (var root in T.RootsOf(running.Catalogue))
            together[root.Name] = running.Shown(root.Name);
        return Json<T>(new ConfigObject(together));
    }

    private static JsonAnswer<T> Json<T>(ConfigValue value) =>
        Answer.WrittenFrom<T, ConfigValue>(value, static (writer, value) => ConfigJson.Write(writer, value));

    private static string NoSymbol(string value, string path) =>
        Violation.Wrong(path, value, "not_a_enum_symbol").Body.ToString();
}
