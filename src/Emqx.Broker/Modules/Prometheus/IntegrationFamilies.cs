using static Emqx.Broker.Modules.Prometheus.PrometheusFamily;

namespace Emqx.Broker.Modules.Prometheus;

/// <summary>What <c>/prometheus/data_integration</c> shows, under EMQX's names and in its order. Of rules, actions and connectors there are none yet.</summary>
internal static class IntegrationFamilies
{
    public static readonly IReadOnlyList<PrometheusGroup> Groups =
    [
        new("data_integration_overview", PrometheusForm.Single, [Number("rules"), Number("actions"), Number("connectors")]),
        new("rules", PrometheusForm.List,
        [
            .. Of("rule", PrometheusType.Gauge, "enable"),
            .. Of("rule", PrometheusType.Counter, "matched", "failed", "passed", "failed_exception", "failed_no_result", "actions_total", "actions_success",
                "actions_failed", "actions_failed_out_of_service", "actions_failed_unknown", "actions_discarded"),
        ]),
        new("actions", PrometheusForm.List,
        [
            .. Of("action", PrometheusType.Gauge, "enable", "status"),
            .. Of("action", PrometheusType.Counter, "matched", "dropped", "success", "failed"),
            .. Of("action", PrometheusType.Gauge, "inflight"),
            .. Of("action", PrometheusType.Counter, "received", "late_reply", "retried", "retried_success", "retried_failed", "dropped_resource_stopped",
                "dropped_resource_not_found", "dropped_queue_full", "dropped_other", "dropped_expired"),
            .. Of("action", PrometheusType.Gauge, "queuing"),
        ]),
        new("connectors", PrometheusForm.List, [.. Of("connector", PrometheusType.Gauge, "enable", "status")]),
    ];

    private static PrometheusFamily Number(string things) => Gauge($"emqx_{things}_count", PrometheusScope.Cluster, $"Number of {things}.", static _ => 0);

    private static IEnumerable<PrometheusFamily> Of(string thing, PrometheusType type, params string[] names) =>
        names.Select(name => None($"emqx_{thing}_{name}", type, $"{thing}: {name.Replace('_', ' ')}."));
}
