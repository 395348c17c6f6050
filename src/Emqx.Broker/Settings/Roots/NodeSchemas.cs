using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Settings.Roots;

/// <summary>The roots <c>node</c>, <c>api_key</c>, <c>broker</c>, <c>alarm</c> and <c>sys_topics</c>.</summary>
internal static class NodeSchemas
{
    public static readonly StructKind Node = Struct(
        Field("name", new TextKind("string()", name => NodeNameProblem(name)), "emqx@127.0.0.1"),
        Field("cookie", Text, "emqxsecretcookie") with { Secret = true },
        Field("data_dir", Text, "data"),
        Field("role", Enum("core", "replicant"), "core"),
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

    public static readonly StructKind ApiKey = Struct(Field("bootstrap_file", Text, ""));

    public static readonly StructKind Broker = Struct(
        Field("enable_session_registry", Flag, true).Says("Whether client ids are known across nodes, so that a session can move."),
        Field("session_history_retain", Duration, "0s").Says("How long client ids of ended sessions count in sessions_count."),
        Hidden("session_locking_strategy", Enum("local", "leader", "quorum", "all")),
        Hidden("shared_subscription_strategy", Text),
        Hidden("shared_subscription_group", Open),
        Hidden("shared_dispatch_ack_enabled", Flag),
        Hidden("route_batch_clean", Flag),
        Hidden("perf", Open),
        Hidden("routing", Open));

    public static readonly StructKind Alarm = Struct(
        Field("actions", ArrayOf(Enum("log", "publish")), new ConfigArray(["log", "publish"]))
            .Says("What happens when an alarm comes or goes: a line in the log, a message below $SYS."),
        Field("size_limit", Range(1, 3000), 1000).Says("Most past alarms that are kept."),
        Field("validity_period", Duration, "24h").Says("How long past alarms are kept."));

    private static readonly StructKind s_events = Struct(
        Field("client_connected", Flag, true).Says("A client has connected."),
        Field("client_disconnected", Flag, true).Says("A client has disconnected."),
        Field("client_subscribed", Flag, false).Says("A client has subscribed."),
        Field("client_unsubscribed", Flag, false).Says("A client has unsubscribed."));

    public static readonly StructKind SysTopics = Struct(
        Field("sys_msg_interval", OrDisabled(Duration), "1m").Says("How often version, uptime and the like are published below $SYS."),
        Field("sys_heartbeat_interval", OrDisabled(Duration), "30s").Says("How often uptime and time are published below $SYS."),
        Part("sys_event_messages", s_events).Says("Which events of clients are published below $SYS."));

    public static NodeSettings ReadNode(ConfigObject values)
    {
        var read = new SettingsReader(values);
        return new(read.Text("name"), read.Text("data_dir"), read.Text("role"));
    }

    public static ApiKeySettings ReadApiKey(ConfigObject values) => new(new SettingsReader(values).Text("bootstrap_file"));

    public static AlarmSettings ReadAlarm(ConfigObject values)
    {
        var read = new SettingsReader(values);
        var actions = read.Texts("actions");
        return new(actions.Contains("log"), actions.Contains("publish"), read.Int("size_limit"), read.Milliseconds("validity_period"));
    }

    public static BrokerSettings ReadBroker(ConfigObject values)
    {
        var read = new SettingsReader(values);
        return new(read.Flag("enable_session_registry"), read.Milliseconds("session_history_retain"));
    }

    public static SysTopicsSettings ReadSysTopics(ConfigObject values)
    {
        var read = new SettingsReader(values);
        var events = read.Part("sys_event_messages");
        return new(read.Milliseconds("sys_msg_interval"), read.Milliseconds("sys_heartbeat_interval"), events.Flag("client_connected"),
            events.Flag("client_disconnected"), events.Flag("client_subscribed"), events.Flag("client_unsubscribed"));
    }

    private static string? NodeNameProblem(string name)
    {
        var at = name.IndexOf('@', StringComparison.Ordinal);
        var sound = at < 0 ? name.Length > 0 : at > 0 && at < name.Length - 1 && name.IndexOf('@', at + 1) < 0;
        return sound && !name.AsSpan().ContainsAny(" \t\"'") ? null : "bad_node_name";
    }
}
