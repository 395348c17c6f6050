using Emqx.Broker.Access.Authn;
using Emqx.Broker.Access.Authz;
using Emqx.Broker.Schema;
using Emqx.Broker.Settings.Roots;

namespace Emqx.Broker.Settings.Layers;

/// <summary>
/// Every root of the configuration and its kind. A new root is a table in Roots/, a line here, and, where parts of the
/// server read it, a line in <see cref="SettingsRoots"/>.
/// </summary>
internal static class SettingsCatalogue
{
    /// <summary>Roots that no API may change.</summary>
    public static readonly IReadOnlyList<string> ReadOnly = ["cluster", "node", "rpc"];

    /// <summary>The roots of the global zone, in the order in which EMQX checks them.</summary>
    public static readonly IReadOnlyList<string> Zone = ["mqtt", "flapping_detect", "force_shutdown", "force_gc", "durable_sessions"];

    private static readonly OrderedDictionary<string, SettingsKind> s_roots = new()
    {
        ["actions"] = Kinds.Open,
        ["alarm"] = NodeSchemas.Alarm,
        ["api_key"] = NodeSchemas.ApiKey,
        ["authentication"] = new AuthenticationKind(AuthenticatorCatalogue.All),
        ["authorization"] = new AuthorizationKind(AuthzSourceCatalogue.All),
        ["auto_subscribe"] = Kinds.Open,
        ["banned"] = Kinds.Open,
        ["bridges"] = Kinds.Open,
        ["broker"] = NodeSchemas.Broker,
        ["cluster"] = Kinds.Open,
        ["conn_congestion"] = Kinds.Open,
        ["connectors"] = Kinds.Open,
        ["crl_cache"] = Kinds.Open,
        ["dashboard"] = DashboardSchema.Kind,
        ["delayed"] = MessageSchemas.Delayed,
        ["durable_sessions"] = ZoneSchemas.DurableSessions,
        ["durable_storage"] = Kinds.Open,
        ["exhook"] = Kinds.Open,
        ["flapping_detect"] = ZoneSchemas.FlappingDetect,
        ["force_gc"] = ZoneSchemas.ForceGc,
        ["force_shutdown"] = ZoneSchemas.ForceShutdown,
        ["gateway"] = Kinds.Open,
        ["limiter"] = LimiterSchema.Kind,
        ["listeners"] = ListenerSchemas.Kind,
        ["log"] = LogSchema.Kind,
        ["mqtt"] = MqttSchema.Kind,
        ["node"] = NodeSchemas.Node,
        ["opentelemetry"] = Kinds.Open,
        ["overload_protection"] = Kinds.Open,
        ["plugins"] = Kinds.Open,
        ["prometheus"] = Kinds.Open,
        ["psk_authentication"] = Kinds.Open,
        ["retainer"] = MessageSchemas.Retainer,
        ["rewrite"] = Kinds.Open,
        ["rpc"] = Kinds.Open,
        ["rule_engine"] = Kinds.Open,
        ["schema_registry"] = Kinds.Open,
        ["slow_subs"] = Kinds.Open,
        ["sources"] = Kinds.Open,
        ["stats"] = Kinds.Open,
        ["sys_topics"] = NodeSchemas.SysTopics,
        ["sysmon"] = SysmonSchema.Kind,
        ["telemetry"] = Kinds.Open,
        ["topic_metrics"] = Kinds.Open,
        ["trace"] = Kinds.Open,
        ["zones"] = Kinds.Open,
    };

    public static IEnumerable<string> Roots => s_roots.Keys;

    /// <summary>The kind of a root; null where there is no root of that name.</summary>
    public static SettingsKind? KindOf(string root) => s_roots.TryGetValue(root, out var kind) ? kind : null;

    /// <summary>The kind of a root that has a table.</summary>
    public static StructKind StructOf(string root) =>
        KindOf(root) as StructKind ?? throw new ArgumentException($"No table for the root {root}.", nameof(root));

    /// <summary>Whether a path of names, the root first, may have a value.</summary>
    public static bool Knows(IReadOnlyList<string> path)
    {
        var kind = KindOf(path[0]);
        for (var i = 1; i < path.Count && kind is not null; i++)
            kind = kind.Part(path[i]);
        return kind is not null;
    }
}
