using Emqx.Broker.Access;
using Emqx.Broker.Access.Authz;
using Emqx.Broker.Cluster;
using Emqx.Broker.Metrics;
using Emqx.Broker.Modules.AutoSubscribe;
using Emqx.Broker.Modules.Rewrite;
using Emqx.Broker.Monitoring;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings;
using Emqx.Broker.Settings.Layers;
using Emqx.Mgmt.Api.Failures;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Emqx.Mgmt.Api.Telemetry;

/// <summary>What EMQX would report of itself to its makers. Here it is shown to whoever asks, and sent to nobody.</summary>
internal static class TelemetryEndpoints
{
    private const string RootName = "telemetry";

    public static void MapTelemetry(this RouteGroupBuilder api)
    {
        var telemetry = api.MapGroup("/telemetry").WithTags("Telemetry").WithJson<TelemetryJson>();

        telemetry.MapGet("/status", GetTelemetryStatus);
        telemetry.MapPut("/status", PutTelemetryStatus).Fails(Failure.BadRequest, Failure.UnsupportedMediaType);
        telemetry.MapGet("/data", GetTelemetryData).Fails(Failure.NotFound, Failure.BadRpc);
    }

    /// <summary>Tells whether telemetry is on.</summary>
    private static JsonAnswer<TelemetryStatusResponse> GetTelemetryStatus(SettingsRoot<TelemetrySettings> settings) => Answer.Ok(new TelemetryStatusResponse(settings.Current.Enable));

    /// <summary>Turns telemetry on or off.</summary>
    private static async Task<Results<JsonAnswer<TelemetryStatusResponse>, ApiFailure>> PutTelemetryStatus(TelemetryRequest request, ISettingsControl control,
        SettingsRoot<TelemetrySettings> settings, CancellationToken cancellation)
    {
        var isChanged = await control.ChangeAsync<bool>(present => new(Propose(request, present, settings.Current)), cancellation);
        return isChanged
            ? Answer.Ok(new TelemetryStatusResponse(request.Enable))
            : Failure.BadRequest.Because($"Telemetry status is already {(request.Enable ? "enabled" : "disabled")}");
    }

    /// <summary>Shows the telemetry data, where telemetry is on.</summary>
    private static async Task<Results<JsonAnswer<TelemetryResponse>, ApiFailure>> GetTelemetryData(SettingsRoot<TelemetrySettings> settings,
        SettingsRoot<AutoSubscribeSettings> autoSubscribe, INodeDirectory nodes,
        IMonitorDirectory monitor, IMetricsDirectory metrics, RunningConfiguration configuration, CancellationToken cancellation)
    {
        if (!settings.Current.Enable)
            return Failure.NotFound.Because("Telemetry is not enabled");
        var node = await nodes.FindAsync(nodes.Self, cancellation);
        var rates = await monitor.CurrentAsync(nodes.Self, cancellation);
        var counts = await metrics.FindAsync(nodes.Self, cancellation);
        return node?.Running is { } running && rates is not null && counts is not null
            ? Answer.Ok(WithAccess(TelemetryData.Of(nodes.Self, running, rates, counts, RulesOf(configuration), autoSubscribe.Current.Topics.Count), configuration))
            : Failure.NotFound.Because("The node stops");
    }

    private static int RulesOf(RunningConfiguration configuration) => (configuration.Value(RewriteRoot.Name) as ConfigArray)?.Items.Count ?? 0;

    private static TelemetryResponse WithAccess(TelemetryResponse data, RunningConfiguration configuration)
    {
        var sources = AuthorizationRoot.SourcesOf(configuration.Value(AuthorizationRoot.Name)).OfType<ConfigObject>().Where(EntryListKind.IsEnabled);
        return data with { AuthnAuthz = data.AuthnAuthz with { Authz = [.. sources.Select(static source => new SettingsReader(source).Text(AuthzSourcesKind.Type)).Order(StringComparer.Ordinal)] } };
    }

    private static SettingsProposal<bool> Propose(TelemetryRequest request, PresentSettings present, TelemetrySettings current) =>
        request.Enable != current.Enable && present.Change(present.Catalogue.Find(RootName)!, RootName, new ConfigObject(new() { ["enable"] = request.Enable }), Completion.Present, []) is { } change
            ? new([change], true)
            : new(false);
}
