using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Settings.Roots;

/// <summary>Roots of parts that this server does not have, or not yet: checked, kept and shown as EMQX's are, so that a configuration that works there is taken here.</summary>
internal static class LaterSchemas
{
    private const string NoCluster = "not yet: a node is alone";

    private static readonly StructKind s_banned = Struct("emqx.banned",
        Optional("bootstrap_file", Text).Says("A file of bans that are made at the start."));

    private static readonly StructKind s_cluster = Struct("cluster",
        Field("name", Text, "emqxcl").Says("The cluster's name."),
        Field("discovery_strategy", Enum("manual", "static", "singleton", "dns", "etcd", "k8s"), "manual").Says("How nodes find each other."),
        Field("autoclean", Duration, "24h").Says("How long a node may be away before it is forgotten."),
        Field("autoheal", Flag, true).Says("Whether parts of a cluster that could not see each other join again by themselves."),
        Field("proto_dist", Enum("inet_tcp", "inet6_tcp", "inet_tls", "inet6_tls"), "inet_tcp").Says("How nodes speak to each other."),
        Hidden("quic_lb_mode", Open),
        Optional("static", Open),
        Optional("dns", Open),
        Optional("etcd", Open),
        Optional("k8s", Open),
        Hidden("prevent_overlapping_partitions", Flag),
        Optional("links", Open));

    private static readonly StructKind s_crlCache = Struct("emqx.crl_cache",
        Field("refresh_interval", Duration, "15m").Says("How often revocation lists are fetched again."),
        Field("http_timeout", Duration, "15s").Says("How long fetching one may take."),
        Field("capacity", Positive, 100).Says("Most lists that are kept."));

    private static readonly StructKind s_exhook = Struct("exhook",
        Field("servers", ArrayOf(Open), ConfigArray.Empty).Says("Servers that are told of what happens, over gRPC."));

    private static readonly StructKind s_overload = Struct("emqx.overload_protection",
        Field("enable", Flag, false).Says("Whether an overloaded node does less."),
        Field("backoff_delay", AtLeast(0), 1).Says("By how much timers are slowed down."),
        Field("backoff_gc", Flag, false).Says("Whether memory is collected less."),
        Field("backoff_hibernation", Flag, true).Says("Whether idle clients stay awake."),
        Field("backoff_new_conn", Flag, true).Says("Whether new connections are refused."));

    private static readonly StructKind s_plugins = Struct("plugin.plugins",
        Field("states", ArrayOf(Struct("plugin.state", Required("name_vsn", Text), Field("enable", Flag, true))), ConfigArray.Empty).Says("Plugins in the order of their start."),
        Field("install_dir", Text, "plugins").Says("Where plugins are."),
        Hidden("check_interval", Duration));

    private static readonly StructKind s_psk = Struct("psk.psk_authentication",
        Field("enable", Flag, false).Says("Whether TLS by keys that both sides have is possible."),
        Optional("init_file", Text).Says("A file of identities and keys."),
        Field("separator", Text, ":").Says("What stands between identity and key in that file."),
        Field("chunk_size", Integer, 50).Says("Lines of that file that are read in one go."));

    private static readonly StructKind s_rpc = Struct("rpc",
        Field("mode", Enum("sync", "async"), "async"),
        Field("protocol", Enum("tcp", "ssl"), "tcp") with { Aliases = ["driver"] },
        Field("async_batch_size", Integer, 256),
        Field("port_discovery", Enum("manual", "stateless"), "stateless"),
        Field("server_port", Positive, 5369) with { Aliases = ["tcp_server_port", "ssl_server_port"] },
        Field("client_num", Range(1, 256), 10) with { Aliases = ["tcp_client_num"] },
        Field("connect_timeout", Duration, "5s"),
        Optional("certfile", Text),
        Optional("keyfile", Text),
        Optional("cacertfile", Text),
        Field("send_timeout", Duration, "5s"),
        Field("authentication_timeout", Duration, "5s"),
        Field("call_receive_timeout", Duration, "15s"),
        Field("socket_keepalive_idle", Seconds, "15m"),
        Field("socket_keepalive_interval", Seconds, "75s"),
        Field("socket_keepalive_count", Integer, 9),
        Field("socket_sndbuf", Bytes, "1MB"),
        Field("socket_recbuf", Bytes, "1MB"),
        Field("socket_buffer", Bytes, "1MB"),
        Field("insecure_fallback", Flag, true),
        Field("ciphers", Open, ConfigArray.Empty),
        Field("tls_versions", ArrayOf(Enum("tlsv1.3", "tlsv1.2", "tlsv1.1", "tlsv1")), new ConfigArray(["tlsv1.3", "tlsv1.2"])),
        Field("listen_address", Text, "0.0.0.0"),
        Field("ipv6_only", Flag, false));

    private static readonly StructKind s_stats = Struct("emqx.stats", Hidden("enable", Flag));

    public static readonly Root Banned = Kept("banned", s_banned, "not yet: bans come by the API, not from a file");
    public static readonly Root Cluster = new("cluster", s_cluster) { IsReadOnly = true, WithoutEffect = NoCluster };
    public static readonly Root CrlCache = Kept("crl_cache", s_crlCache, "not yet: revocation lists are not looked at");
    public static readonly Root Exhook = Kept("exhook", s_exhook, "not yet: there are no hooks over gRPC");
    public static readonly Root OverloadProtection = Kept("overload_protection", s_overload, "not yet: an overloaded node refuses nobody");
    public static readonly Root Plugins = Kept("plugins", s_plugins, "not yet: there are no plugins");
    public static readonly Root PskAuthentication = Kept("psk_authentication", s_psk, "the runtime's TLS knows no pre-shared keys: docs/decisions/0016");
    public static readonly Root Rpc = new("rpc", s_rpc) { IsReadOnly = true, WithoutEffect = NoCluster };
    public static readonly Root Stats = Kept("stats", s_stats, "statistics are always gathered");

    private static Root Kept(string name, ValueKind kind, string why) => new(name, kind) { WithoutEffect = why };
}
