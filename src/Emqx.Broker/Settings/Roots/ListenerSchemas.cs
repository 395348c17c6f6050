using System.Net;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Settings.Roots;

/// <summary>The root <c>listeners</c>: MQTT listeners by type and name.</summary>
internal static class ListenerSchemas
{
    /// <summary>Of one listener; EMQX knows no bound.</summary>
    public const int MostAccessRules = 4096;

    private static readonly StructKind s_tcpOptions = Struct(
        Field("active_n", NotNegative, 100),
        Field("backlog", Positive, 1024),
        Field("send_timeout", Duration, "15s"),
        Field("send_timeout_close", Flag, true),
        Optional("recbuf", Bytes),
        Optional("sndbuf", Bytes),
        Field("buffer", Bytes, "4KB"),
        Field("high_watermark", Bytes, "1MB"),
        Field("nodelay", Flag, true),
        Field("nolinger", Flag, false),
        Field("reuseaddr", Flag, true),
        Field("keepalive", new TextKind("string()", KeepAliveProblem), "none"));

    private static readonly StructKind s_deflate = Struct(
        Optional("level", Enum("none", "default", "best_compression", "best_speed")),
        Field("mem_level", Range(1, 9), 8),
        Field("strategy", Enum("default", "filtered", "huffman_only", "rle"), "default"),
        Field("server_context_takeover", Enum("takeover", "no_takeover"), "takeover"),
        Field("client_context_takeover", Enum("takeover", "no_takeover"), "takeover"),
        Field("server_max_window_bits", Range(8, 15), 15),
        Field("client_max_window_bits", Range(8, 15), 15));

    private static readonly StructKind s_webSocket = Struct(
        Field("mqtt_path", Text, "/mqtt"),
        Field("mqtt_piggyback", Enum("single", "multiple"), "multiple"),
        Field("compress", Flag, false),
        Field("idle_timeout", Duration, "7200s"),
        Field("max_frame_size", OrInfinity(Positive), "infinity"),
        Field("fail_if_no_subprotocol", Flag, true),
        Field("supported_subprotocols", Text, "mqtt, mqtt-v3, mqtt-v3.1.1, mqtt-v5"),
        Field("check_origin_enable", Flag, false),
        Field("allow_origin_absence", Flag, true),
        Field("check_origins", Text, "http://localhost:18083, http://127.0.0.1:18083"),
        Field("proxy_address_header", Text, "x-forwarded-for"),
        Field("proxy_port_header", Text, "x-forwarded-port"),
        Part("deflate_opts", s_deflate),
        Field("validate_utf8", Flag, true));

    private static readonly StructKind s_ocsp = new(
    [
        Field("enable_ocsp_stapling", Flag, false),
        Optional("responder_url", Text),
        Optional("issuer_pem", Text),
        Field("refresh_interval", Duration, "5m"),
        Field("refresh_http_timeout", Duration, "15s"),
    ], OcspProblem);

    /// <summary>A listener of each type, without its name.</summary>
    public static readonly StructKind Tcp = Listener(1883, Part("tcp_options", s_tcpOptions));
    public static readonly StructKind Ssl = Listener(8883, Part("tcp_options", s_tcpOptions), Part("ssl_options", Tls(isWebSocket: false)));
    public static readonly StructKind Ws = Listener(8083, Part("tcp_options", s_tcpOptions), Part("websocket", s_webSocket));
    public static readonly StructKind Wss = Listener(8084, Part("tcp_options", s_tcpOptions), Part("ssl_options", Tls(isWebSocket: true)), Part("websocket", s_webSocket));

    /// <summary>The types that run, with the kind of their listeners. quic is known and ignored, as in builds of EMQX without its library.</summary>
    private static readonly StructKind s_table = Struct(
        Part("tcp", new ListenerMapKind(Tcp)),
        Part("ssl", new ListenerMapKind(Ssl)),
        Part("ws", new ListenerMapKind(Ws)),
        Part("wss", new ListenerMapKind(Wss)),
        Hidden("quic", Open));

    public static readonly Root Root = new("listeners", s_table) { Record = values => ListenerReader.ReadAll(values, new ConfigPaths(".", ".")) };

    public static StructKind KindOf(ListenerType type) => type switch
    {
        ListenerType.Ssl => Ssl,
        ListenerType.Ws => Ws,
        ListenerType.Wss => Wss,
        _ => Tcp,
    };

    /// <summary>The server side of TLS; a few of its options are missing for WebSocket and HTTP.</summary>
    /// <param name="id">EMQX's name of the struct; null: it has none.</param>
    public static StructKind Tls(bool isWebSocket, string? id = null)
    {
        StructField[] common =
        [
            Field("cacertfile", Text, "${EMQX_ETC_DIR}/certs/cacert.pem").Says("Certificates of those who sign the peers' certificates, as PEM."),
            Hidden("cacerts", Flag),
            Field("certfile", Text, "${EMQX_ETC_DIR}/certs/cert.pem").Says("Own certificate, as PEM."),
            Field("keyfile", Text, "${EMQX_ETC_DIR}/certs/key.pem").Says("Key of the certificate, as PEM."),
            Field("verify", Enum("verify_peer", "verify_none"), "verify_none").Says("Whether peers' certificates are checked."),
            Field("reuse_sessions", Flag, true).Says("Whether TLS sessions may be taken up again."),
            Field("depth", NotNegative, 10).Says("Most certificates between the peer's and a trusted one."),
            Optional("password", Text).Says("Password of the key.") with { Secret = true },
            Field("versions", new ArrayKind(Enum("tlsv1.3", "tlsv1.2", "tlsv1.1", "tlsv1"), VersionsProblem), new ConfigArray(["tlsv1.3", "tlsv1.2"]))
                .Says("TLS versions that are spoken.") with { Form = ArrayOf(Text) },
            Field("ciphers", new CiphersKind(), ConfigArray.Empty).Says("Ciphers that are offered; none: the usual ones.") with { Form = ArrayOf(Text) },
            Field("secure_renegotiate", Flag, true).Says("Whether renegotiation must be secure."),
            Field("log_level", Enum("emergency", "alert", "critical", "error", "warning", "notice", "info", "debug", "none", "all"), "notice")
                .Says("The lowest level of TLS that is logged."),
            Field("hibernate_after", Duration, "5s").Says("Idle time after which a connection gives up memory."),
            Optional("dhfile", Text).Says("Parameters for Diffie-Hellman, as PEM."),
            Field("fail_if_no_peer_cert", Flag, false).Says("Whether a peer without a certificate is refused."),
            Field("honor_cipher_order", Flag, true).Says("Whether the server's order of ciphers counts."),
            Field("client_renegotiation", Flag, true).Says("Whether peers may renegotiate."),
            Field("handshake_timeout", Duration, "15s").Says("How long the handshake may take."),
            Hidden("user_lookup_fun", Text),
        ];
        StructField[] more =
        [
            Field("gc_after_handshake", Flag, false),
            Part("ocsp", s_ocsp),
            Field("enable_crl_check", Flag, false),
        ];
        return new StructKind(isWebSocket ? common : [.. common, .. more], TlsProblem) { Id = id };
    }

    private static StructKind Listener(long bind, params StructField[] options) => Struct([
        Field("enable", Flag, true).Says("Whether it is on.") with { Aliases = ["enabled"] },
        Field("bind", Kinds.Bind, bind).Says("Port, or address and port; port 0: off."),
        Field("acceptors", Positive, 16),
        Field("max_connections", OrInfinity(Positive), "infinity").Says("Most connections at a time."),
        Field("mountpoint", Text, ""),
        Field("zone", Text, "default"),
        Hidden("limiter", LimiterSchema.OfListener),
        Field("enable_authn", Enum("true", "false", "quick_deny_anonymous"), true),
        Field("max_conn_rate", Rate, "infinity"),
        Optional("messages_rate", Rate),
        Optional("bytes_rate", Rate),
        Field("access_rules", new ArrayKind(Text, AccessProblem), new ConfigArray(["allow all"])),
        Field("proxy_protocol", Flag, false),
        Field("proxy_protocol_timeout", Duration, "3s"),
        Hidden("authentication", Open),
        .. options,
    ]);

    private static string? OcspProblem(ConfigObject ocsp)
    {
        var read = new SettingsReader(ocsp);
        if (!read.Flag("enable_ocsp_stapling"))
            return null;
        if (read.Text("responder_url").Length == 0)
            return "The responder URL is required for OCSP stapling";
        return read.Text("issuer_pem").Length == 0 ? "The issuer PEM path is required for OCSP stapling" : null;
    }

    private static string? TlsProblem(ConfigObject options)
    {
        var read = new SettingsReader(options);
        if (CiphersKind.NamesIn(options["ciphers"]) is { Count: > 0 } ciphers && read.Texts("versions") is { Count: > 0 } versions
            && !versions.Contains("tlsv1.3") && ciphers.All(TlsSuites.IsOfTls13))
            return "none of the ciphers belongs to one of the versions";
        if (read.Text("verify") == "verify_peer")
            return null;
        if (read.Flag("fail_if_no_peer_cert"))
            return "verify must be verify_peer when fail_if_no_peer_cert is true";
        return read.Flag("enable_crl_check") ? "verify must be verify_peer when CRL check is enabled" : null;
    }

    /// <summary>TLS 1.1 and 1.0 are spoken beside a newer one where the system's policy has them; alone they could not be had.</summary>
    public static string? VersionsProblem(ConfigArray versions)
    {
        var names = versions.Items.OfType<ConfigText>().Select(static version => version.Text).ToArray();
        if (names.Length > 1 && names.Contains("tlsv1.3") && !names.Contains("tlsv1.2"))
            return "Using multiple versions that include tlsv1.3 but exclude tlsv1.2 is not allowed";
        return names.Length > 0 && !names.Contains("tlsv1.3") && !names.Contains("tlsv1.2")
            ? $"{{unsupported_tls_versions,[{string.Join(',', names.Select(static name => $"'{name}'"))}]}}" : null;
    }

    /// <summary>Each is looked at for every connection: there are not to be very many.</summary>
    private static string? AccessProblem(ConfigArray rules)
    {
        var all = rules.Items.OfType<ConfigText>().SelectMany(rule => rule.Text.Split(',', MostAccessRules + 2, StringSplitOptions.TrimEntries)).Take(MostAccessRules + 1).ToArray();
        if (all.Length > MostAccessRules)
            return $"too many rules: at most {MostAccessRules}";
        var wrong = all.Where(rule => !IsAccessRule(rule)).ToArray();
        return wrong.Length == 0 ? null : "invalid_rule(s): " + string.Join(", ", wrong);
    }

    private static bool IsAccessRule(string rule) =>
        rule.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["allow" or "deny", var range]
        && (range == "all" || IPNetwork.TryParse(range, out _) || IPAddress.TryParse(range, out _)
            || (range.Split('/') is [var address, var bits] && IPAddress.TryParse(address, out var ip) && int.TryParse(bits, out var length)
                && length >= 0 && length <= (ip.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 32 : 128)));

    private static string? KeepAliveProblem(string text) =>
        text == "none" || (text.Split(',', StringSplitOptions.TrimEntries) is [var idle, var interval, var probes]
            && int.TryParse(idle, out var i) && i is >= 1 and <= 72_000
            && int.TryParse(interval, out var n) && n is >= 1 and <= 750
            && int.TryParse(probes, out var p) && p is >= 1 and <= 90)
            ? null : "Not comma separated positive integers of 'Idle,Interval,Probes' format";
}
