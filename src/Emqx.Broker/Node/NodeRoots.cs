using Emqx.Broker.Access.Authn;
using Emqx.Broker.Access.Authz;
using Emqx.Broker.Modules.Alarms;
using Emqx.Broker.Modules.AutoSubscribe;
using Emqx.Broker.Modules.Delayed;
using Emqx.Broker.Modules.OpenTelemetry;
using Emqx.Broker.Modules.Prometheus;
using Emqx.Broker.Modules.Retainer;
using Emqx.Broker.Modules.Rewrite;
using Emqx.Broker.Modules.SlowSubs;
using Emqx.Broker.Modules.SysTopics;
using Emqx.Broker.Modules.TopicMetrics;
using Emqx.Broker.Modules.Tracing;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings;
using Emqx.Broker.Settings.Layers;
using Emqx.Broker.Settings.Roots;

namespace Emqx.Broker.Node;

/// <summary>The table of contents of the configuration: one line a root.</summary>
internal static class NodeRoots
{
    private const string NoDurableSessions = "not yet: sessions live in memory";
    private const string NoIntegration = "not yet: there are no connectors, actions, sources and rules";

    public static readonly SettingsCatalogue Catalogue = new(
    [
        Root.Open("actions", NoIntegration),
        AlarmRoot.Root,
        NodeSchemas.ApiKeyRoot,
        new Root("authentication", new AuthenticationKind(AuthenticatorCatalogue.All)) { ReadBy = By(typeof(AuthnChain)) },
        AuthorizationRoot.Root,
        AutoSubscribeRoot.Root,
        LaterSchemas.Banned,
        Root.Open("bridges", NoIntegration),
        NodeSchemas.BrokerRoot,
        LaterSchemas.Cluster,
        ZoneSchemas.ConnCongestionRoot,
        Root.Open("connectors", NoIntegration),
        LaterSchemas.CrlCache,
        DashboardSchema.Root,
        DelayedRoot.Root,
        ZoneSchemas.DurableSessionsRoot,
        Root.Open("durable_storage", NoDurableSessions),
        LaterSchemas.Exhook,
        ZoneSchemas.FlappingDetectRoot,
        ZoneSchemas.ForceGcRoot,
        ZoneSchemas.ForceShutdownRoot,
        Root.Open("gateway", "not yet: there are no gateways"),
        LimiterSchema.Root,
        ListenerSchemas.Root,
        LogSchema.Root,
        MqttSchema.Root,
        NodeSchemas.NodeRoot,
        OpenTelemetryRoot.Root,
        LaterSchemas.OverloadProtection,
        LaterSchemas.Plugins,
        PrometheusRoot.Root,
        LaterSchemas.PskAuthentication,
        RetainerRoot.Root,
        new Root(RewriteRoot.Name, RewriteRoot.Kind) { Default = ConfigArray.Empty, ReadBy = By(typeof(TopicRewrite)) },
        LaterSchemas.Rpc,
        Root.Open("rule_engine", NoIntegration),
        Root.Open("schema_registry", NoIntegration),
        SlowSubsRoot.Root,
        Root.Open("sources", NoIntegration),
        LaterSchemas.Stats,
        SysTopicsRoot.Root,
        SysmonRoot.Root,
        TelemetryRoot.Root,
        new Root(TopicMetricsRoot.Name, TopicMetricsRoot.Kind) { Default = ConfigArray.Empty, ReadBy = By(typeof(TopicMeter)) },
        TraceRoot.Root,
        ZoneSchemas.ZonesRoot,
    ], zone: [MqttSchema.Root, ZoneSchemas.FlappingDetectRoot, ZoneSchemas.ForceShutdownRoot, ZoneSchemas.ForceGcRoot, ZoneSchemas.DurableSessionsRoot]);

    /// <summary>One type reads the field, or the whole root.</summary>
    private static Dictionary<string, Type> By(Type reader, string path = "") => new() { [path] = reader };
}
