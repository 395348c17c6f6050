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
    public static readonly SettingsCatalogue Catalogue = new(
    [
        Root.Open("actions"),
        AlarmRoot.Root,
        NodeSchemas.ApiKeyRoot,
        new Root("authentication", new AuthenticationKind(AuthenticatorCatalogue.All)) { ReadBy = By(typeof(AuthnChain)) },
        new Root("authorization", new AuthorizationKind(AuthzSourceCatalogue.All)) { ReadBy = By(typeof(AuthzChain), "sources") },
        Root.Open("auto_subscribe"),
        Root.Open("banned"),
        Root.Open("bridges"),
        NodeSchemas.BrokerRoot,
        new Root("cluster", Schema.Kinds.Open) { IsReadOnly = true },
        Root.Open("conn_congestion"),
        Root.Open("connectors"),
        Root.Open("crl_cache"),
        DashboardSchema.Root,
        DelayedRoot.Root,
        ZoneSchemas.DurableSessionsRoot,
        Root.Open("durable_storage"),
        Root.Open("exhook"),
        ZoneSchemas.FlappingDetectRoot,
        ZoneSchemas.ForceGcRoot,
        ZoneSchemas.ForceShutdownRoot,
        Root.Open("gateway"),
        LimiterSchema.Root,
        ListenerSchemas.Root,
        LogSchema.Root,
        MqttSchema.Root,
        NodeSchemas.NodeRoot,
        Root.Open("opentelemetry"),
        Root.Open("overload_protection"),
        Root.Open("plugins"),
        Root.Open("prometheus"),
        Root.Open("psk_authentication"),
        RetainerRoot.Root,
        Root.Open("rewrite"),
        new Root("rpc", Schema.Kinds.Open) { IsReadOnly = true },
        Root.Open("rule_engine"),
        Root.Open("schema_registry"),
        Root.Open("slow_subs"),
        Root.Open("sources"),
        Root.Open("stats"),
        SysTopicsRoot.Root,
        SysmonRoot.Root,
        TelemetryRoot.Root,
        Root.Open("topic_metrics"),
        Root.Open("trace"),
        ZoneSchemas.ZonesRoot,
    ], zone: [MqttSchema.Root, ZoneSchemas.FlappingDetectRoot, ZoneSchemas.ForceShutdownRoot, ZoneSchemas.ForceGcRoot, ZoneSchemas.DurableSessionsRoot]);

    /// <summary>One type reads the field, or the whole root.</summary>
    private static Dictionary<string, Type> By(Type reader, string path = "") => new() { [path] = reader };
}
