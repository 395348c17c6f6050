namespace Emqx.Broker.Settings;

/// <summary>
/// Fields that are taken, kept and shown as EMQX does, and have no effect here; of roots without any the catalogue tells. Users read both in
/// docs/parity.md; a test holds them against what is read.
/// </summary>
internal static class WithoutEffect
{
    private const string NoVirtualMachine = "there is no Erlang virtual machine here";
    private const string NoCluster = "not yet: a node is alone";
    private const string NoBurst = "a rate may be used up to one second's worth at once";
    private const string NoQuota = "not yet: of the limits those of connections, messages and bytes are kept";
    private const string OlderConnectionRate = "max_conn_rate stands in its place, as in EMQX";
    private const string AlwaysPaid = "who has sent more than a rate allows always waits until it is made up for, an hour at most";
    private const string NoDurableSessions = "not yet: sessions live in memory";
    private const string LogBounds = "a handler has fixed bounds: 8192 lines and 2 MB wait for it, more are dropped and counted";
    private const string HttpWithoutLimit = "not yet: a few idle connections of strangers would keep everybody else out";
    private const string NoAcceptors = "connections are accepted without tasks of their own";
    private const string NoProxyOfHttp = "not yet: the address of a request's peer is that of its connection";
    private const string SlowHttp = "whoever takes less than 240 bytes a second of an answer is cut off after 5 s";
    private const string LegacyTraces = "not yet: messages are traced, not the whole lives of clients";
    private const string NoPipelining = "a connection to a service has one request at a time: pool_size says how many there are";
    private const string RuntimeStaples = "the responder that the certificate names is asked, again before its answer ends: docs/decisions/0017";
    private const string TlsOfTheSystem = "not yet: left to the system's TLS library";

    /// <summary>Of TLS, wherever it is set; <see cref="Fields"/> are made of it.</summary>
    private static readonly (string Name, string Reason)[] s_tls =
    [
        ("cacerts", TlsOfTheSystem),
        ("client_renegotiation", TlsOfTheSystem),
        ("dhfile", TlsOfTheSystem),
        ("hibernate_after", NoVirtualMachine),
        ("honor_cipher_order", TlsOfTheSystem),
        ("log_level", TlsOfTheSystem),
        ("reuse_sessions", TlsOfTheSystem),
        ("secure_renegotiate", TlsOfTheSystem),
        ("user_lookup_fun", NoVirtualMachine),
    ];

    /// <summary>What goes with a rate of a listener's <c>limiter</c>.</summary>
    private static readonly string[] s_olderRates = ["bytes", "client.bytes", "client.messages", "messages"];
    private static readonly (string Name, string Reason)[] s_olderOptions = [("burst", NoBurst), ("initial", NoBurst)];
    private static readonly string[] s_ofEachClient = ["divisible", "failure_strategy", "low_watermark", "max_retry_time"];

    /// <summary>Of TLS to other systems.</summary>
    private static readonly (string Name, string Reason)[] s_clientTls =
    [
        ("cacerts", TlsOfTheSystem),
        ("hibernate_after", NoVirtualMachine),
        ("log_level", TlsOfTheSystem),
        ("reuse_sessions", TlsOfTheSystem),
        ("secure_renegotiate", TlsOfTheSystem),
        ("user_lookup_fun", NoVirtualMachine),
    ];

    public static readonly IReadOnlyList<FieldWithoutEffect> Fields =
    [
        new("authentication.*.enable_pipelining", NoPipelining),
        .. s_clientTls.Select(static field => new FieldWithoutEffect($"authentication.*.ssl.{field.Name}", field.Reason)),
        new("broker.enable_session_registry", NoCluster),
        new("broker.perf", NoVirtualMachine),
        new("broker.route_batch_clean", NoCluster),
        new("broker.routing", "routes are stored in one way only"),
        new("broker.session_history_retain", "not yet: ended sessions are not counted"),
        new("broker.session_locking_strategy", NoCluster),
        new("broker.shared_dispatch_ack_enabled", "out of use in EMQX, too"),
        new("broker.shared_subscription_group", "not yet: mqtt.shared_subscription_strategy holds for all groups"),
        new("broker.shared_subscription_strategy", "out of use in EMQX, too: mqtt.shared_subscription_strategy counts"),
        new("dashboard.bootstrap_users_file", "not yet: users come by the API"),
        new("dashboard.i18n_lang", "texts are in English"),
        new("dashboard.listeners.http.max_connections", HttpWithoutLimit),
        new("dashboard.listeners.http.num_acceptors", NoAcceptors),
        new("dashboard.listeners.http.proxy_header", NoProxyOfHttp),
        new("dashboard.listeners.http.send_timeout", SlowHttp),
        new("dashboard.listeners.https.max_connections", HttpWithoutLimit),
        new("dashboard.listeners.https.num_acceptors", NoAcceptors),
        new("dashboard.listeners.https.proxy_header", NoProxyOfHttp),
        new("dashboard.listeners.https.send_timeout", SlowHttp),
        .. TlsOf("dashboard.listeners.https.ssl_options"),
        new("dashboard.sample_interval", "samples are taken in one rhythm"),
        new("durable_sessions", NoDurableSessions),
        new("force_gc", "the runtime collects memory by itself"),
        new("force_shutdown.max_mailbox_size", "clients have no mailbox here: mqtt.max_mqueue_len and force_shutdown.max_heap_size bound what waits for them"),
        new("limiter.bytes.burst", NoBurst),
        new("limiter.client", "out of use in EMQX, too"),
        new("limiter.connection", OlderConnectionRate),
        new("limiter.internal", NoQuota),
        new("limiter.message_routing", NoQuota),
        new("limiter.messages.burst", NoBurst),
        new("listeners.*.*.acceptors", "connections are accepted without tasks of their own"),
        new("listeners.*.*.authentication", "not yet: one chain of authenticators holds for all listeners"),
        .. s_olderRates.SelectMany(static kind => s_olderOptions.Select(option => new FieldWithoutEffect($"listeners.*.*.limiter.{kind}.{option.Name}", option.Reason))),
        .. s_ofEachClient.Select(static option => new FieldWithoutEffect($"listeners.*.*.limiter.client.*.{option}", AlwaysPaid)),
        new("listeners.*.*.limiter.client.connection", OlderConnectionRate),
        new("listeners.*.*.limiter.client.message_routing", NoQuota),
        new("listeners.*.*.limiter.connection", OlderConnectionRate),
        new("listeners.*.*.limiter.message_routing", NoQuota),
        .. TlsOf("listeners.*.*.ssl_options"),
        new("listeners.*.*.ssl_options.enable_crl_check", "not yet: the runtime fetches revocation lists while the handshake waits, with nothing that bounds or keeps them for the node"),
        new("listeners.*.*.ssl_options.gc_after_handshake", "the runtime collects memory by itself"),
        new("listeners.*.*.ssl_options.ocsp.refresh_http_timeout", RuntimeStaples),
        new("listeners.*.*.ssl_options.ocsp.refresh_interval", RuntimeStaples),
        new("listeners.*.*.ssl_options.ocsp.responder_url", RuntimeStaples),
        new("listeners.*.*.tcp_options.active_n", NoVirtualMachine),
        new("listeners.*.*.tcp_options.buffer", "the buffers of readers are shared"),
        new("listeners.*.*.tcp_options.reuseaddr", "addresses are always used again at once"),
        new("listeners.*.*.tcp_options.send_timeout_close", "a client that takes nothing is always cut off"),
        new("listeners.*.*.websocket.deflate_opts", "not yet: the runtime's compression has its own settings"),
        new("listeners.*.*.websocket.validate_utf8", "frames are binary; texts in packets are checked by mqtt.strict_mode"),
        new("listeners.quic", "builds without its library ignore it, as EMQX's do"),
        new("log.audit", "not yet: nothing is audited"),
        new("log.console.burst_limit", LogBounds),
        new("log.console.chars_limit", LogBounds),
        new("log.console.drop_mode_qlen", LogBounds),
        new("log.console.flush_qlen", LogBounds),
        new("log.console.max_depth", LogBounds),
        new("log.console.overload_kill", LogBounds),
        new("log.console.payload_encode", "payloads are not logged"),
        new("log.console.single_line", "lines are single ones"),
        new("log.console.supervisor_reports", NoVirtualMachine),
        new("log.console.sync_mode_qlen", LogBounds),
        new("log.console.with_mfa", NoVirtualMachine),
        new("log.file.*.burst_limit", LogBounds),
        new("log.file.*.chars_limit", LogBounds),
        new("log.file.*.drop_mode_qlen", LogBounds),
        new("log.file.*.flush_qlen", LogBounds),
        new("log.file.*.max_depth", LogBounds),
        new("log.file.*.overload_kill", LogBounds),
        new("log.file.*.payload_encode", "payloads are not logged"),
        new("log.file.*.single_line", "lines are single ones"),
        new("log.file.*.supervisor_reports", NoVirtualMachine),
        new("log.file.*.sync_mode_qlen", LogBounds),
        new("log.file.*.with_mfa", NoVirtualMachine),
        new("log.throttling", "not yet: repeated lines are all logged"),
        new("mqtt.keepalive_check_interval", "each client's keepalive ends when it is over, not at the next look"),
        new("node.applications", NoVirtualMachine),
        new("node.backtrace_depth", NoVirtualMachine),
        new("node.broker_pool_size", NoVirtualMachine),
        new("node.channel_cleanup_batch_size", NoVirtualMachine),
        new("node.config_files", "the variables EMQX_CONFIG_FILE and EMQX_ETC_DIR say where the file is"),
        new("node.cookie", NoCluster),
        new("node.crash_dump_bytes", NoVirtualMachine),
        new("node.crash_dump_file", NoVirtualMachine),
        new("node.crash_dump_seconds", NoVirtualMachine),
        new("node.default_bootstrap_batch_size", NoCluster),
        new("node.dist_buffer_size", NoVirtualMachine),
        new("node.dist_net_ticktime", NoVirtualMachine),
        new("node.etc_dir", "the variable EMQX_ETC_DIR says where the folder is"),
        new("node.generic_pool_size", NoVirtualMachine),
        new("node.global_gc_interval", "the runtime collects memory by itself"),
        new("node.max_ports", NoVirtualMachine),
        new("node.process_limit", NoVirtualMachine),
        new("node.role", NoCluster),
        new("node.rpc_module", NoCluster),
        new("node.tlog_push_mode", NoCluster),
        new("opentelemetry.exporter.protocol", "gRPC is the only one, as in EMQX"),
        .. s_clientTls.Select(static field => new FieldWithoutEffect($"opentelemetry.exporter.ssl_options.{field.Name}", field.Reason)),
        new("opentelemetry.exporter.ssl_options.enable", "the address says it, as in EMQX: https"),
        new("opentelemetry.traces.filter.e2e_tracing_options", LegacyTraces),
        new("opentelemetry.traces.filter.trace_mode", LegacyTraces),
        new("prometheus.collectors", NoVirtualMachine),
        new("retainer.backend.enable", "there is one backend, and to turn it off is refused"),
        new("retainer.backend.index_specs", "messages are found by one index for all filters"),
        new("retainer.backend.type", "there is one backend"),
        new("retainer.external_backends", "there is one backend"),
        new("retainer.flow_control", "retainer.delivery_rate stands in its place, as in EMQX"),
        new("retainer.max_publish_rate", "messages are retained as fast as they come: EMQX drops what comes faster, though it has acknowledged it"),
        new("sysmon.broker_pool_mailbox_size_alarm_threshold", NoVirtualMachine),
        new("sysmon.mnesia_tm_mailbox_size_alarm_threshold", NoVirtualMachine),
        new("sysmon.os.procmem_high_watermark", NoVirtualMachine),
        new("sysmon.top", NoVirtualMachine),
        new("sysmon.vm", NoVirtualMachine),
        new("zones.*.durable_sessions", NoDurableSessions),
        new("zones.*.force_gc", "the runtime collects memory by itself"),
        new("zones.*.force_shutdown.max_mailbox_size", "as force_shutdown.max_mailbox_size"),
        new("zones.*.mqtt.keepalive_check_interval", "each client's keepalive ends when it is over, not at the next look"),
        new("zones.*.mqtt.shared_subscription_initial_sticky_pick", "groups have members of all zones: the global value counts, as in EMQX"),
        new("zones.*.mqtt.shared_subscription_strategy", "groups have members of all zones: the global value counts, as in EMQX"),
        new("zones.*.overload_protection", "not yet: an overloaded node refuses nobody"),
        new("zones.*.stats", "statistics are always gathered"),
    ];

    private static IEnumerable<FieldWithoutEffect> TlsOf(string path) => s_tls.Select(field => new FieldWithoutEffect($"{path}.{field.Name}", field.Reason));
}
