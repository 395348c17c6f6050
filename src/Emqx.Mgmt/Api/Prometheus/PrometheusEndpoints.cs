using Emqx.Broker.Modules.Prometheus;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Emqx.Mgmt.Api.Failures;
using Emqx.Mgmt.Api.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Emqx.Mgmt.Api.Prometheus;

/// <summary>Metrics for Prometheus: it reads them here, or they are pushed to its gateway.</summary>
internal static class PrometheusEndpoints
{
    public static IServiceCollection AddPrometheus(this IServiceCollection services) => services.AddSingleton<IAuthorizationHandler, ScrapingHandler>();

    public static void MapPrometheus(this RouteGroupBuilder api)
    {
        var prometheus = api.MapGroup("/prometheus").WithTags("Monitor").WithJson<PrometheusJson>();

        var settings = prometheus.MapGroup("").RequireAuthorization(ApiPolicies.KeyOrToken);
        settings.MapGet("", GetPrometheus);
        settings.MapPut("", PutPrometheus).Fails(Failure.BadRequest);

        var metrics = prometheus.MapGroup("").RequireAuthorization(ApiPolicies.Scraping).Fails(Failure.BadRequest);
        metrics.MapGet("/stats", GetPrometheusStats);
        metrics.MapGet("/auth", GetPrometheusAuth);
        metrics.MapGet("/data_integration", GetPrometheusDataIntegration);
    }

    /// <summary>Shows the settings of Prometheus.</summary>
    private static JsonAnswer<PrometheusResponse> GetPrometheus(RunningConfiguration running) => Show(running);

    /// <summary>Replaces the settings of Prometheus; what is left out gets its default.</summary>
    private static async Task<Results<JsonAnswer<PrometheusResponse>, ApiFailure>> PutPrometheus(PrometheusRequest request, ISettingsControl control,
        RunningConfiguration running, CancellationToken cancellation)
    {
        var problems = await control.ChangeAsync<IReadOnlyList<Violation>>(present => new(request.Propose(present)), cancellation);
        return problems.Count > 0 ? Failure.BadRequest.Because(Violation.ToJson(problems)) : Show(running);
    }

    /// <summary>Shows the statistics and counters of the node, or of all nodes.</summary>
    private static Task<PrometheusAnswer> GetPrometheusStats(PrometheusQuery query, IPrometheusDirectory metrics, CancellationToken cancellation) =>
        AnswerAsync(StatsFamilies.Groups, query.Mode, metrics, cancellation);

    /// <summary>Shows the metrics of authenticators, authorization sources and bans.</summary>
    private static Task<PrometheusAnswer> GetPrometheusAuth(PrometheusQuery query, IPrometheusDirectory metrics, CancellationToken cancellation) =>
        AnswerAsync(AuthFamilies.Groups, query.Mode, metrics, cancellation);

    /// <summary>Shows the metrics of rules, actions and connectors.</summary>
    private static Task<PrometheusAnswer> GetPrometheusDataIntegration(PrometheusQuery query, IPrometheusDirectory metrics, CancellationToken cancellation) =>
        AnswerAsync(IntegrationFamilies.Groups, query.Mode, metrics, cancellation);

    private static async Task<PrometheusAnswer> AnswerAsync(IReadOnlyList<PrometheusGroup> groups, PrometheusMode mode, IPrometheusDirectory metrics,
        CancellationToken cancellation) => new(groups, mode, await metrics.ListAsync(mode, cancellation));

    private static JsonAnswer<PrometheusResponse> Show(RunningConfiguration running) =>
        Answer.WrittenFrom<PrometheusResponse, ConfigValue>(running.Shown(PrometheusRoot.Name), static (writer, value) => ConfigJson.Write(writer, value));
}
