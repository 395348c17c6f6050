using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Emqx.Mgmt.Api.Failures;
using Emqx.Mgmt.Api.OpenApi;
using Emqx.Mgmt.Api.Validation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Emqx.Mgmt.Api.Configs;

/// <summary>The configuration: roots as JSON, all of it as text.</summary>
internal static class ConfigsEndpoints
{
    private static readonly string[] s_roots = ["alarm", "broker", "dashboard", "log", "sys_topics", "sysmon"];

    public static void MapConfigs(this RouteGroupBuilder api)
    {
        var configs = api.MapGroup("").WithTags("Configs").WithJson<ConfigsJson>();

        configs.MapGet("/configs", GetConfigs).Fails(Failure.BadRequest, Failure.InvalidAccept, Failure.NotFound);
        configs.MapPut("/configs", PutConfigs).Fails(Failure.BadRequest).WithMetadata(new ReadsOwnBody());
        configs.MapGet("/configs/global_zone", GetGlobalZone);
        configs.MapPut("/configs/global_zone", PutGlobalZone).Fails(Failure.BadRequest, Failure.UpdateFailed);
        configs.MapGet("/configs/alarm", GetAlarmConfig);
        configs.MapPut("/configs/alarm", PutAlarmConfig).Fails(Failure.BadRequest, Failure.UpdateFailed);
        configs.MapGet("/configs/broker", GetBrokerConfig);
        configs.MapPut("/configs/broker", PutBrokerConfig).Fails(Failure.BadRequest, Failure.UpdateFailed);
        configs.MapGet("/configs/dashboard", GetDashboardConfig);
        configs.MapPut("/configs/dashboard", PutDashboardConfig).Fails(Failure.BadRequest, Failure.UpdateFailed);
        configs.MapGet("/configs/log", GetLogConfig);
        configs.MapPut("/configs/log", PutLogConfig).Fails(Failure.BadRequest, Failure.UpdateFailed);
        configs.MapGet("/configs/sys_topics", GetSysTopicsConfig);
        configs.MapPut("/configs/sys_topics", PutSysTopicsConfig).Fails(Failure.BadRequest, Failure.UpdateFailed);
        configs.MapGet("/configs/sysmon", GetSysmonConfig);
        configs.MapPut("/configs/sysmon", PutSysmonConfig).Fails(Failure.BadRequest, Failure.UpdateFailed);
        configs.MapGet("/configs/limiter", GetLimiterConfig).Hidden();
        configs.MapPut("/configs/limiter", PutLimiterConfig).Fails(Failure.BadRequest, Failure.UpdateFailed).Hidden();
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
            return Answer.WrittenFrom<ConfigsDocument, ConfigValue>(Together(s_roots, running), static (writer, value) => ConfigJson.Write(writer, value));
        if (query.Key is { } key && running.Catalogue.Find(key) is null)
            return Failure.BadRequest.Because(NoSymbol(key, "key"));
        return new HoconText(query.Key is { } one ? [one] : [.. running.Catalogue.Roots.Select(root => root.Name)], running);
    }

    /// <summary>Changes the roots that a HOCON text names. Either all of it is applied or nothing.</summary>
    private static async Task<HoconAnswer> PutConfigs(PutConfigsQuery query, HttpRequest request, ISettingsControl control,
        CancellationToken cancellation)
    {
        using var reader = new StreamReader(request.Body);
        var text = await reader.ReadToEndAsync(cancellation);
        return new(await control.ChangeAsync<ConfigValue?>(present => new(HoconChange.Propose(text, query, present)), cancellation));
    }

    /// <summary>Shows the settings that all zones inherit.</summary>
    private static JsonAnswer<GlobalZoneDocument> GetGlobalZone(RunningConfiguration running) =>
        Answer.WrittenFrom<GlobalZoneDocument, ConfigValue>(Together(running.Catalogue.Zone.Select(root => root.Name), running), static (writer, value) => ConfigJson.Write(writer, value));

    /// <summary>Replaces the settings that all zones inherit. All roots are needed; fields left out get their defaults. New connections see the change.</summary>
    private static async Task<Results<JsonAnswer<GlobalZoneDocument>, ApiFailure>> PutGlobalZone(GlobalZoneRequest request,
        RunningConfiguration running, ISettingsControl control, CancellationToken cancellation) =>
        await RefusedAsync(request.Propose, control, cancellation) is { } failure ? failure : GetGlobalZone(running);

    /// <summary>Shows how alarms are kept and told.</summary>
    private static JsonAnswer<AlarmDocument> GetAlarmConfig(RunningConfiguration running) => Show<AlarmDocument>(running);

    /// <summary>Changes how alarms are kept and told.</summary>
    private static Task<Results<JsonAnswer<AlarmDocument>, ApiFailure>> PutAlarmConfig(RootRequest<AlarmDocument> request, RunningConfiguration running,
        ISettingsControl control, CancellationToken cancellation) => ReplaceAsync(request, running, control, cancellation);

    /// <summary>Shows the root broker.</summary>
    private static JsonAnswer<BrokerDocument> GetBrokerConfig(RunningConfiguration running) => Show<BrokerDocument>(running);

    /// <summary>Changes the root broker.</summary>
    private static Task<Results<JsonAnswer<BrokerDocument>, ApiFailure>> PutBrokerConfig(RootRequest<BrokerDocument> request, RunningConfiguration running,
        ISettingsControl control, CancellationToken cancellation) => ReplaceAsync(request, running, control, cancellation);

    /// <summary>Shows the settings of the HTTP side.</summary>
    private static JsonAnswer<DashboardDocument> GetDashboardConfig(RunningConfiguration running) => Show<DashboardDocument>(running);

    /// <summary>Changes the settings of the HTTP side; what is left out stays.</summary>
    private static Task<Results<JsonAnswer<DashboardDocument>, ApiFailure>> PutDashboardConfig(RootRequest<DashboardDocument> request, RunningConfiguration running,
        ISettingsControl control, CancellationToken cancellation) => ReplaceAsync(request, running, control, cancellation);

    /// <summary>Shows what is logged, and where.</summary>
    private static JsonAnswer<LogDocument> GetLogConfig(RunningConfiguration running) => Show<LogDocument>(running);

    /// <summary>Changes what is logged, and where; sections left out stay.</summary>
    private static Task<Results<JsonAnswer<LogDocument>, ApiFailure>> PutLogConfig(RootRequest<LogDocument> request, RunningConfiguration running,
        ISettingsControl control, CancellationToken cancellation) => ReplaceAsync(request, running, control, cancellation);

    /// <summary>Shows when the system topics are published.</summary>
    private static JsonAnswer<SysTopicsDocument> GetSysTopicsConfig(RunningConfiguration running) => Show<SysTopicsDocument>(running);

    /// <summary>Changes when the system topics are published.</summary>
    private static Task<Results<JsonAnswer<SysTopicsDocument>, ApiFailure>> PutSysTopicsConfig(RootRequest<SysTopicsDocument> request, RunningConfiguration running,
        ISettingsControl control, CancellationToken cancellation) => ReplaceAsync(request, running, control, cancellation);

    /// <summary>Shows the limits at which the node raises alarms about itself.</summary>
    private static JsonAnswer<SysmonDocument> GetSysmonConfig(RunningConfiguration running) => Show<SysmonDocument>(running);

    /// <summary>Changes the limits at which the node raises alarms about itself; sections left out stay.</summary>
    private static Task<Results<JsonAnswer<SysmonDocument>, ApiFailure>> PutSysmonConfig(RootRequest<SysmonDocument> request, RunningConfiguration running,
        ISettingsControl control, CancellationToken cancellation) => ReplaceAsync(request, running, control, cancellation);

    /// <summary>Shows what the whole node takes; rates that were never set are left out.</summary>
    private static JsonAnswer<LimiterDocument> GetLimiterConfig(RunningConfiguration running) => Show<LimiterDocument>(running);

    /// <summary>Changes what the whole node takes.</summary>
    private static Task<Results<JsonAnswer<LimiterDocument>, ApiFailure>> PutLimiterConfig(RootRequest<LimiterDocument> request, RunningConfiguration running,
        ISettingsControl control, CancellationToken cancellation) => ReplaceAsync(request, running, control, cancellation);

    /// <summary>Puts one field of a root back to its default.</summary>
    /// <param name="rootname">Name of a root of the configuration.</param>
    private static async Task<Results<EmptyOk, ApiFailure>> ResetConfig(string rootname, ResetQuery query, ISettingsControl control,
        CancellationToken cancellation)
    {
        if (Array.IndexOf(s_roots, rootname) < 0)
            return Failure.BadRequest.Because(NoSymbol(rootname, "rootname"));
        var path = query.ConfPath?.Split('.') ?? [];
        var isReset = await control.ChangeAsync<bool>(present => new(present.Reset(rootname, path) is { } change ? new([change], true) : new SettingsProposal<bool>(false)), cancellation);
        return isReset ? new EmptyOk() : Failure.NoDefaultValue.Because("No Default Value.");
    }

    private static JsonAnswer<T> Show<T>(RunningConfiguration running) where T : IRootDocument =>
        Answer.WrittenFrom<T, ConfigValue>(running.Shown(T.Root), static (writer, value) => ConfigJson.Write(writer, value));

    private static async Task<Results<JsonAnswer<T>, ApiFailure>> ReplaceAsync<T>(RootRequest<T> request, RunningConfiguration running,
        ISettingsControl control, CancellationToken cancellation) where T : IRootDocument =>
        await RefusedAsync(request.Propose, control, cancellation) is { } failure ? failure : Show<T>(running);

    private static async ValueTask<ApiFailure?> RefusedAsync(Func<PresentSettings, SettingsProposal<IReadOnlyList<Violation>>> propose,
        ISettingsControl control, CancellationToken cancellation)
    {
        var problems = await control.ChangeAsync<IReadOnlyList<Violation>>(present => new(propose(present)), cancellation);
        return problems.Count > 0 ? Failure.BadRequest.Because(Violation.ToJson(problems)) : null;
    }

    private static ConfigObject Together(IEnumerable<string> roots, RunningConfiguration running)
    {
        var together = new OrderedDictionary<string, ConfigValue>();
        foreach (var root in roots)
            together[root] = running.Shown(root);
        return new(together);
    }

    private static string NoSymbol(string value, string path) =>
        Violation.Wrong(path, value, "not_a_enum_symbol").Body.ToString();
}
