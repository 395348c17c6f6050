using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Settings.Roots;

/// <summary>The roots <c>node</c>, <c>api_key</c> and <c>broker</c>.</summary>
internal static class NodeSchemas
{
    private static readonly StructKind s_node = Struct(
        Field("name", new TextKind("string()", name => NodeNameProblem(name)), "emqx@127.0.0.1"),
        Field("cookie", Text, "emqxsecretcookie") with { Secret = true },
        Field("data_dir", Text, "data"),
        Field("role", Enum("core", "replicant"), "core") with { Aliases = ["db_role"] },
        Field("global_gc_interval", OrDisabled(Duration), "disabled"),
        Field("max_ports", Range(1024, 134_217_727), 1_048_576),
        Field("dist_buffer_size", Range(1, 2_097_151), 8192),
        Hidden("process_limit", Range(1024, 134_217_727)),
        Hidden("config_files", Open),
        Hidden("crash_dump_file", Open),
        Hidden("crash_dump_seconds", Open),
        Hidden("crash_dump_bytes", Open),
        Hidden("dist_net_ticktime", Open),
        Hidden("backtrace_depth", Open),
        Hidden("rpc_module", Open),
        Hidden("tlog_push_mode", Open),
        Hidden("broker_pool_size", Open),
        Hidden("generic_pool_size", Open),
        Hidden("channel_cleanup_batch_size", Open),
        Hidden("applications", Open),
        Hidden("etc_dir", Open),
        Hidden("default_bootstrap_batch_size", Open));

    private static readonly StructKind s_apiKey = Struct(Field("bootstrap_file", Text, ""));

    private static readonly StructKind s_broker = Struct("emqx.broker",
        Field("enable_session_registry", Flag, true).Says("Whether client ids are known across nodes, so that a session can move."),
        Field("session_history_retain", Seconds, "0s").Says("How long client ids of ended sessions count in sessions_count."),
        Hidden("session_locking_strategy", Enum("local", "leader", "quorum", "all")),
        Hidden("shared_subscription_strategy", Text),
        Hidden("shared_subscription_group", Open),
        Hidden("shared_dispatch_ack_enabled", Flag),
        Hidden("route_batch_clean", Flag),
        Hidden("perf", Open),
        Hidden("routing", Open));

    /// <summary>What the process begins with is read before anything else is.</summary>
    public static readonly Root NodeRoot = new("node", s_node)
    {
        IsReadOnly = true,
        ReadBy = new Dictionary<string, Type> { ["name"] = typeof(ConfigurationSources), ["data_dir"] = typeof(ConfigurationSources) },
    };

    public static readonly Root<ApiKeySettings> ApiKeyRoot = new("api_key", s_apiKey, ReadApiKey);

    public static readonly Root<BrokerSettings> BrokerRoot = new("broker", s_broker, ReadBroker) { Address = new("the root broker") };

    private static ApiKeySettings ReadApiKey(ConfigObject values) => new(new SettingsReader(values).Text("bootstrap_file"));

    private static BrokerSettings ReadBroker(ConfigObject values)
    {
        var read = new SettingsReader(values);
        return new(read.Flag("enable_session_registry"), read.Milliseconds("session_history_retain"));
    }

    private static string? NodeNameProblem(string name)
    {
        var at = name.IndexOf('@', StringComparison.Ordinal);
        var sound = at < 0 ? name.Length > 0 : at > 0 && at < name.Length - 1 && name.IndexOf('@', at + 1) < 0;
        return sound && !name.AsSpan().ContainsAny(" \t\"'") ? null : "bad_node_name";
    }
}
