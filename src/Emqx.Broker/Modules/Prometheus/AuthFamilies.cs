using static Emqx.Broker.Modules.Prometheus.PrometheusFamily;

namespace Emqx.Broker.Modules.Prometheus;

/// <summary>What <c>/prometheus/auth</c> shows, under EMQX's names and in its order. Of authenticators and sources there are none yet.</summary>
internal static class AuthFamilies
{
    public static readonly IReadOnlyList<PrometheusGroup> Groups =
    [
        new("emqx_authn", PrometheusForm.List,
        [
            None("emqx_authn_enable", PrometheusType.Gauge, "Whether an authenticator is on."),
            None("emqx_authn_status", PrometheusType.Gauge, "Whether an authenticator works."),
            None("emqx_authn_nomatch", PrometheusType.Counter, "Clients that an authenticator has passed on."),
            None("emqx_authn_total", PrometheusType.Counter, "Clients that an authenticator was asked about."),
            None("emqx_authn_success", PrometheusType.Counter, "Clients that an authenticator has let in."),
            None("emqx_authn_failed", PrometheusType.Counter, "Clients that an authenticator has refused."),
            None("emqx_authn_users_count", PrometheusType.Gauge, "Users that an authenticator knows."),
        ]),
        new("emqx_authz", PrometheusForm.List,
        [
            None("emqx_authz_enable", PrometheusType.Gauge, "Whether an authorization source is on."),
            None("emqx_authz_status", PrometheusType.Gauge, "Whether an authorization source works."),
            None("emqx_authz_nomatch", PrometheusType.Counter, "Questions that a source has passed on."),
            None("emqx_authz_total", PrometheusType.Counter, "Questions that a source was asked."),
            None("emqx_authz_allow", PrometheusType.Counter, "What a source has allowed."),
            None("emqx_authz_deny", PrometheusType.Counter, "What a source has denied."),
            None("emqx_authz_rules_count", PrometheusType.Gauge, "Rules of a source."),
        ]),
        new("emqx_banned", PrometheusForm.Single, [Gauge("emqx_banned_count", PrometheusScope.Cluster, "Bans.", static node => node.Cluster.Bans)]),
    ];
}
