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

    public static IServiceCollection AddConfigs(this IServiceCollection services) => services
        .AddSingleton<ISettingsControl, StoredSettings>();

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
    private static Results<HoconText, Written<ConfigsDocument, ConfigValue>, ApiFailure> GetConfigs(ConfigsQuery query, HttpRequest request,
        RunningConfiguration running, NodeConfiguration node)
    {
        var form = AcceptedForm.Of(request);
        if (form == AcceptedForm.Neither)
            return Failure.InvalidAccept.Because("{error,no_suitable_accept}");
        if (query.Node is { } name && name != node.NodeName)
            return Failure.NotFound.Because($"Bad node {name}, reason not found");
        if (form == AcceptedForm.Json)
            return Answer.Write<ConfigsDocument, ConfigValue>(Together(s_roots, running), static (writer, value) => ConfigJson.Write(writer, value));
        if (query.Key is { } key && SettingsCatalogue.KindOf(key) is null)
            return Failure.BadRequest.Because(NoSymbol(key, "key"));
        return new HoconText(query.Key is { } one ? [one] : [.. SettingsCatalogue.Roots], running);
    }

    /// <summary>Changes the roots that a HOCON text names. Either all of it is applied or nothing.</summary>
    private static async Task<HoconAnswer> PutConfigs(PutConfigsQuery query, HttpRequest request, RunningConfiguration running, ISettingsControl control,
        CancellationToken cancellation)
    {
        using var reader = new StreamReader(request.Body);
        var change = HoconChange.Read(await reader.ReadToEndAsync(cancellation), query, running);
        if (change.Errors is null)
            await control.ApplyAsync(change.Changes, cancellation);
        return new(change.Errors);
    }

    /// <summary>Shows the settings that all zones inherit.</summary>
    private static Written<GlobalZoneDocument, ConfigValue> GetGlobalZone(RunningConfiguration running) =>
        Answer.Write<GlobalZoneDocument, ConfigValue>(Together(SettingsCatalogue.Zone, running), static (writer, value) => ConfigJson.Write(writer, value));

    /// <summary>Replaces the settings that all zones inherit. All roots are needed; fields left out get their defaults. New connections see the change.</summary>
    private static async Task<Written<GlobalZoneDocument, ConfigValue>> PutGlobalZone(GlobalZoneRequest request, RunningConfiguration running,
        ISettingsControl control, CancellationToken cancellation)
    {
        await control.ApplyAsync(request.Changes, cancellation);
        return GetGlobalZone(running);
    }

    /// <summary>Shows how alarms are kept and told.</summary>
    private static Written<AlarmDocument, ConfigValue> GetAlarmConfig(RunningConfiguration running) => Show<AlarmDocument>(running);

    /// <summary>Changes how alarms are kept and told.</summary>
    private static Task<Written<AlarmDocument, ConfigValue>> PutAlarmConfig(RootRequest<AlarmDocument> request, RunningConfiguration running,
        ISettingsControl control, CancellationToken cancellation) => ReplaceAsync(request, running, control, cancellation);

    /// <summary>Shows the root broker.</summary>
    private static Written<BrokerDocument, ConfigValue> GetBrokerConfig(RunningConfiguration running) => Show<BrokerDocument>(running);

    /// <summary>Changes the root broker.</summary>
    private static Task<Written<BrokerDocument, ConfigValue>> PutBrokerConfig(RootRequest<BrokerDocument> request, RunningConfiguration running,
        ISettingsControl control, CancellationToken cancellation) => ReplaceAsync(request, running, control, cancellation);

    /// <summary>Shows the settings of the HTTP side.</summary>
    private static Written<DashboardDocument, ConfigValue> GetDashboardConfig(RunningConfiguration running) => Show<DashboardDocument>(running);

    /// <summary>Changes the settings of the HTTP side; what is left out stays.</summary>
    private static Task<Written<DashboardDocument, ConfigValue>> PutDashboardConfig(RootRequest<DashboardDocument> request, RunningConfiguration running,
        ISettingsControl control, CancellationToken cancellation) => ReplaceAsync(request, running, control, cancellation);

    /// <summary>Shows what is logged, and where.</summary>
    private static Written<LogDocument, ConfigValue> GetLogConfig(RunningConfiguration running) => Show<LogDocument>(running);

    /// <summary>Changes what is logged, and where; sections left out stay.</summary>
    private static Task<Written<LogDocument, ConfigValue>> PutLogConfig(RootRequest<LogDocument> request, RunningConfiguration running,
        ISettingsControl control, CancellationToken cancellation) => ReplaceAsync(request, running, control, cancellation);

    /// <summary>Shows when the system topics are published.</summary>
    private static Written<SysTopicsDocument, ConfigValue> GetSysTopicsConfig(RunningConfiguration running) => Show<SysTopicsDocument>(running);

    /// <summary>Changes when the system topics are published.</summary>
    private static Task<Written<SysTopicsDocument, ConfigValue>> PutSysTopicsConfig(RootRequest<SysTopicsDocument> request, RunningConfiguration running,
        ISettingsControl control, CancellationToken cancellation) => ReplaceAsync(request, running, control, cancellation);

    /// <summary>Shows the limits at which the node raises alarms about itself.</summary>
    private static Written<SysmonDocument, ConfigValue> GetSysmonConfig(RunningConfiguration running) => Show<SysmonDocument>(running);

    /// <summary>Changes the limits at which the node raises alarms about itself; sections left out stay.</summary>
    private static Task<Written<SysmonDocument, ConfigValue>> PutSysmonConfig(RootRequest<SysmonDocument> request, RunningConfiguration running,
        ISettingsControl control, CancellationToken cancellation) => ReplaceAsync(request, running, control, cancellation);

    /// <summary>Shows what the whole node takes; rates that were never set are left out.</summary>
    private static Written<LimiterDocument, ConfigValue> GetLimiterConfig(RunningConfiguration running) => Show<LimiterDocument>(running);

    /// <summary>Changes what the whole node takes.</summary>
    private static Task<Written<LimiterDocument, ConfigValue>> PutLimiterConfig(RootRequest<LimiterDocument> request, RunningConfiguration running,
        ISettingsControl control, CancellationToken cancellation) => ReplaceAsync(request, running, control, cancellation);

    /// <summary>Puts one field of a root back to its default.</summary>
    /// <param name="rootname">Name of a root of the configuration.</param>
    private static async Task<Results<EmptyOk, ApiFailure>> ResetConfig(string rootname, ResetQuery query, RunningConfiguration running, ISettingsControl control,
        CancellationToken cancellation)
    {
        if (Array.IndexOf(s_roots, rootname) < 0)
            return Failure.BadRequest.Because(NoSymbol(rootname, "rootname"));
        var path = query.ConfPath?.Split('.') ?? [];
        if (path.Length == 0 || SettingsCatalogue.StructOf(rootname).Defaults.Find(path) is not { } initial)
            return Failure.NoDefaultValue.Because("No Default Value.");
        for (var i = path.Length - 1; i >= 0; i--)
            initial = new ConfigObject(new() { [path[i]] = initial });
        var changed = running[rootname].MergedWith((ConfigObject)initial);
        await control.ApplyAsync([new SettingsChange(rootname, changed, changed)], cancellation);
        return new EmptyOk();
    }

    private static Written<T, ConfigValue> Show<T>(RunningConfiguration running) where T : IRootDocument =>
        Answer.Write<T, ConfigValue>(running.Shown(T.Root), static (writer, value) => ConfigJson.Write(writer, value));

    private static async Task<Written<T, ConfigValue>> ReplaceAsync<T>(RootRequest<T> request, RunningConfiguration running, ISettingsControl control,
        CancellationToken cancellation) where T : IRootDocument
    {
        await control.ApplyAsync([request.Change], cancellation);
        return Show<T>(running);
    }

    private static ConfigObject Together(IEnumerable<string> roots, RunningConfiguration running)
    {
        var together = new OrderedDictionary<string, ConfigValue>();
        foreach (var root in roots)
            together[root] = running.Shown(root);
        return new(together);
    }

    private static string NoSymbol(string value, string path) =>
        Broker.Schema.SettingsProblem.Wrong(path, value, "not_a_enum_symbol").Body.ToString();
}
