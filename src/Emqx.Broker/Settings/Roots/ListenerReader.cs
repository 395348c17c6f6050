using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Settings.Roots;

/// <summary>Listeners as the transports need them, from their checked fields.</summary>
internal static class ListenerReader
{
    private static readonly ListenerType[] s_types = [ListenerType.Tcp, ListenerType.Ssl, ListenerType.Ws, ListenerType.Wss];

    /// <summary>Every listener of the root <c>listeners</c>.</summary>
    public static IReadOnlyList<ListenerSettings> ReadAll(ConfigObject root, ConfigPaths paths)
    {
        var listeners = new List<ListenerSettings>();
        foreach (var type in s_types)
        {
            foreach (var (name, fields) in root[NameOf(type)] as ConfigObject ?? ConfigObject.Empty)
                listeners.Add(Read(type, name, (ConfigObject)fields, paths));
        }

        return listeners;
    }

    public static string NameOf(ListenerType type) => type switch
    {
        ListenerType.Tcp => "tcp",
        ListenerType.Ssl => "ssl",
        ListenerType.Ws => "ws",
        _ => "wss",
    };

    /// <summary>One listener, from fields that <see cref="ListenerSchemas.KindOf"/> has checked.</summary>
    public static ListenerSettings Read(ListenerType type, string name, ConfigObject fields, ConfigPaths paths)
    {
        var read = new SettingsReader(fields);
        var options = read.Part("tcp_options");
        var shared = read.Part("limiter");
        var each = shared.Part("client");
        return new ListenerSettings
        {
            Type = type,
            Name = name,
            Bind = read.Bind("bind"),
            Enable = read.Flag("enable"),
            MaxConnections = read.Int("max_connections"),
            MaxConnectionRate = read.Rate("max_conn_rate"),
            MessagesRate = LimiterSchema.RateOf(read, "messages_rate", each.Part("messages")),
            BytesRate = LimiterSchema.RateOf(read, "bytes_rate", each.Part("bytes")),
            SharedMessagesRate = shared.Part("messages").Rate("rate"),
            SharedBytesRate = shared.Part("bytes").Rate("rate"),
            Mountpoint = read.Text("mountpoint"),
            Zone = read.Text("zone"),
            EnableAuthn = read.Text("enable_authn"),
            AccessRules = [.. read.Texts("access_rules").SelectMany(rule => rule.Split(',', StringSplitOptions.TrimEntries))],
            ProxyProtocol = read.Flag("proxy_protocol"),
            ProxyProtocolTimeout = read.Milliseconds("proxy_protocol_timeout"),
            Backlog = options.Int("backlog"),
            NoDelay = options.Flag("nodelay"),
            KeepAlive = options.Text("keepalive"),
            NoLinger = options.Flag("nolinger"),
            ReceiveBuffer = options.Has("recbuf") ? SizeOf(options.Bytes("recbuf")) : null,
            SendBuffer = options.Has("sndbuf") ? SizeOf(options.Bytes("sndbuf")) : null,
            HighWatermark = (int)Math.Min(options.Bytes("high_watermark"), int.MaxValue),
            SendTimeout = options.Milliseconds("send_timeout"),
            Tls = type is ListenerType.Ssl or ListenerType.Wss ? ReadTls(read.Part("ssl_options"), paths) : new(),
            WebSocket = type is ListenerType.Ws or ListenerType.Wss ? ReadWebSocket(read.Part("websocket")) : new(),
        };
    }

    private static int SizeOf(long bytes) => (int)Math.Min(bytes, int.MaxValue);

    /// <summary>The <c>ssl_options</c> of a listener.</summary>
    public static TlsSettings ReadTls(SettingsReader read, ConfigPaths paths) => new()
    {
        CertFile = paths.ExpandFile(read.Text("certfile")),
        KeyFile = paths.ExpandFile(read.Text("keyfile")),
        KeyPassword = read.Has("password") ? read.Text("password") : null,
        CaCertFile = paths.ExpandFile(read.Text("cacertfile")),
        VerifyPeer = read.Text("verify") == "verify_peer",
        FailIfNoPeerCert = read.Flag("fail_if_no_peer_cert"),
        Versions = read.Texts("versions"),
        Ciphers = read.Texts("ciphers"),
        Depth = read.Int("depth"),
        HandshakeTimeout = read.Milliseconds("handshake_timeout"),
        OcspStapling = read.Part("ocsp").Flag("enable_ocsp_stapling"),
        IssuerFile = paths.ExpandFile(read.Part("ocsp").Text("issuer_pem")),
    };

    private static WebSocketSettings ReadWebSocket(SettingsReader read) => new()
    {
        MqttPath = read.Text("mqtt_path"),
        FramePerPacket = read.Text("mqtt_piggyback") == "multiple",
        Compress = read.Flag("compress"),
        IdleTimeout = read.Milliseconds("idle_timeout"),
        MaxFrameSize = read.Int("max_frame_size"),
        FailIfNoSubprotocol = read.Flag("fail_if_no_subprotocol"),
        SupportedSubprotocols = read.Texts("supported_subprotocols"),
        CheckOriginEnable = read.Flag("check_origin_enable"),
        AllowOriginAbsence = read.Flag("allow_origin_absence"),
        CheckOrigins = read.Texts("check_origins"),
        ProxyAddressHeader = read.Text("proxy_address_header"),
        ProxyPortHeader = read.Text("proxy_port_header"),
        ValidateUtf8 = read.Flag("validate_utf8"),
    };
}
