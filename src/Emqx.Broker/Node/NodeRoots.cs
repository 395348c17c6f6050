using Emqx.Broker.Access.Authn;
using Emqx.Broker.Access.Authz;
using Emqx.Broker.Modules.Alarms;
using Emqx.Broker.Modules.Delayed;
using Emqx.Broker.Modules.Retainer;
using Emqx.Broker.Modules.SysTopics;
using Emqx.Broker.Settings;
using Emqx.Broker.Settings.Layers;
using Emqx.Broker.Settings.Roots;

namespace Emqx.Broker.Node;

/// <summary>The table of contents of the configuration: one line a root.</summary>
internal static class NodeRoots
{
    private const string NoCluster = "not yet: a node is alone";
    private const string NoDurableSessions = "not yet: sessions live in memory";
    private const string NoIntegration = "not yet: there are no connectors, actions, sources and rules";

    public static readonly SettingsCatalogue Catalogue = new(
    [
        Root.Open("actions", NoIntegration),
        AlarmRoot.Root,
        NodeSchemas.ApiKeyRoot,
        new Root("authentication", new AuthenticationKind(AuthenticatorCatalogue.All)) { ReadBy = By(typeof(AuthnChain)) },
        new Root("authorization", new AuthorizationKind(AuthzSourceCatalogue.All)) { ReadBy = By(typeof(AuthzChain), "sources") },
        Root.Open("auto_subscribe", "not yet: clients subscribe themselves"),
        Root.Open("banned", "not yet: bans come by the API, not from a file"),
        Root.Open("bridges", NoIntegration),
        NodeSchemas.BrokerRoot,
        new Root("cluster", Schema.Kinds.Open) { IsReadOnly = true, WithoutEffect = NoCluster },
        Root.Open("conn_congestion", "not yet: congested connections raise no alarm"),
        Root.Open("connectors", NoIntegration),
        Root.Open("crl_cache", "not yet: revocation lists are not looked at"),
        DashboardSchema.Root,
        DelayedRoot.Root,
        ZoneSchemas.DurableSessionsRoot,
        Root.Open("durable_storage", NoDurableSessions),
        Root.Open("exhook", "not yet: there are no hooks over gRPC"),
        ZoneSchemas.FlappingDetectRoot,
        ZoneSchemas.ForceGcRoot,
        ZoneSchemas.ForceShutdownRoot,
        Root.Open("gateway", "not yet: there are no gateways"),
        LimiterSchema.Root,
        ListenerSchemas.Root,
        LogSchema.Root,
        MqttSchema.Root,
        NodeSchemas.NodeRoot,
        Root.Open("opentelemetry", "not yet: nothing is exported"),
        Root.Open("overload_protection", "not yet: an overloaded node refuses nobody"),
        Root.Open("plugins", "not yet: there are no plugins"),
        Root.Open("prometheus", "not yet: nothing is exported"),
        Root.Open("psk_authentication", "not yet: TLS needs certificates"),
        RetainerRoot.Root,
        Root.Open("rewrite", "not yet: topics are not rewritten"),
        new Root("rpc", Schema.Kinds.Open) { IsReadOnly = true, WithoutEffect = NoCluster },
        Root.Open("rule_engine", NoIntegration),
        Root.Open("schema_registry", NoIntegration),
        Root.Open("slow_subs", "not yet: slow subscriptions are not watched"),
        Root.Open("sources", NoIntegration),
        Root.Open("stats", "statistics are always gathered"),
        SysTopicsRoot.Root,
        SysmonRoot.Root,
        TelemetryRoot.Root,
        Root.Open("topic_metrics", "not yet: topics are not measured one by one"),
        Root.Open("trace", "not yet: there are no traces"),
        ZoneSchemas.ZonesRoot,
    ], zone: [MqttSchema.Root, ZoneSchemas.FlappingDetectRoot, ZoneSchemas.ForceShutdownRoot, ZoneSchemas.ForceGcRoot, ZoneSchemas.DurableSessionsRoot]);

    /// <summary>One type reads the field, or the whole root.</summary>
    private static Dictionary<string, Type> By(Type reader, string path = "") => new() { [path] = reader };
}
