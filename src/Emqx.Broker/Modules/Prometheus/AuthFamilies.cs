using Emqx.Broker.Access;
using Emqx.Broker.Access.Authz;
using static Emqx.Broker.Modules.Prometheus.PrometheusFamily;

namespace Emqx.Broker.Modules.Prometheus;

/// <summary>What <c>/prometheus/auth</c> shows, under EMQX's names and in its order.</summary>
internal static class AuthFamilies
{
    public static readonly IReadOnlyList<PrometheusGroup> Groups =
    [
        new("emqx_authn", PrometheusForm.List,
        [
            Authn("enable", PrometheusType.Gauge, "Whether an authenticator is on.", static one => one.IsEnabled ? 1 : 0),
            Authn("status", PrometheusType.Gauge, "Whether an authenticator works.", static one => one.Backend.Status == ResourceStatus.Connected ? 1 : 0),
            Authn("nomatch", PrometheusType.Counter, "Clients that an authenticator has passed on.", static one => one.Metrics.NoMatch + one.Metrics.Ignored),
            Authn("total", PrometheusType.Counter, "Clients that an authenticator was asked about.", static one => one.Metrics.Total),
            Authn("success", PrometheusType.Counter, "Clients that an authenticator has let in.", static one => one.Metrics.Positive),
            Authn("failed", PrometheusType.Counter, "Clients that an authenticator has refused.", static one => one.Metrics.Negative),
            Authn("users_count", PrometheusType.Gauge, "Users that an authenticator knows.", static one => one.Users),
        ]),
        new("emqx_authz", PrometheusForm.List,
        [
            Sources("emqx_authz_enable", PrometheusType.Gauge, "Whether an authorization source is on.", static source => source.IsEnabled ? 1 : 0),
            Sources("emqx_authz_status", PrometheusType.Gauge, "Whether an authorization source works.", static source => source.Backend.Status == ResourceStatus.Connected ? 1 : 0),
            Sources("emqx_authz_nomatch", PrometheusType.Counter, "Questions that a source has passed on.", static source => source.Metrics.NoMatch),
            Sources("emqx_authz_total", PrometheusType.Counter, "Questions that a source was asked.", static source => source.Metrics.Total),
            Sources("emqx_authz_allow", PrometheusType.Counter, "What a source has allowed.", static source => source.Metrics.Positive),
            Sources("emqx_authz_deny", PrometheusType.Counter, "What a source has denied.", static source => source.Metrics.Negative),
            Sources("emqx_authz_rules_count", PrometheusType.Gauge, "Rules of a source.", static source => source.Rules),
        ]),
        new("emqx_banned", PrometheusForm.Single, [Gauge("emqx_banned_count", PrometheusScope.Cluster, "Bans.", static node => node.Cluster.Bans)]),
    ];

    /// <summary>A number of each authorization source. What a source is, is the same on all nodes; what it has said is added up.</summary>
    private static PrometheusFamily Sources(string name, PrometheusType type, string help, Func<AuthzSourceState, double> read) =>
        new(name, type, type == PrometheusType.Gauge ? PrometheusScope.Cluster : PrometheusScope.Summed, help,
            node => [.. node.Cluster.Sources.Select(source => new PrometheusSample([new("type", source.Type)], read(source)))]);

    /// <summary>One sample for each authenticator, with its id; none where it has no such number.</summary>
    private static PrometheusFamily Authn(string name, PrometheusType type, string help, Func<AuthenticatorReading, double?> read) =>
        new($"emqx_authn_{name}", type, type == PrometheusType.Gauge ? PrometheusScope.Cluster : PrometheusScope.Summed, help, node =>
        [
            .. from one in node.Cluster.Authenticators
               let value = read(one)
               where value is not null
               select new PrometheusSample([new("id", one.Id)], value.Value),
        ]);
}
