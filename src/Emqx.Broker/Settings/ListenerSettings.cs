using System.Net;

namespace Emqx.Broker.Settings;

/// <summary>The kinds of MQTT listeners that run here. EMQX's quic needs a library that the open source build lacks too.</summary>
internal enum ListenerType
{
    Tcp,
    Ssl,
    Ws,
    Wss,
}

/// <summary>One MQTT listener as the transports need it, with EMQX's defaults. Text forms are the schema's business.</summary>
internal sealed record ListenerSettings
{
    public required ListenerType Type { get; init; }
    public required string Name { get; init; }

    /// <summary>Address and port; port 0 takes a free one.</summary>
    public required IPEndPoint Bind { get; init; }

    public bool Enable { get; init; } = true;

    /// <summary>-1: infinity.</summary>
    public int MaxConnections { get; init; } = -1;

    /// <summary>Connections a second; -1: infinity.</summary>
    public double MaxConnectionRate { get; init; } = -1;

    /// <summary>Messages a second of each client; -1: infinity.</summary>
    public double MessagesRate { get; init; } = -1;

    /// <summary>Bytes a second of each client; -1: infinity.</summary>
    public double BytesRate { get; init; } = -1;

    /// <summary>Messages a second of all its clients together; -1: infinity.</summary>
    public double SharedMessagesRate { get; init; } = -1;

    /// <summary>Bytes a second of all its clients together; -1: infinity.</summary>
    public double SharedBytesRate { get; init; } = -1;

    /// <summary>Prefix of every topic, may hold ${clientid} and ${username}.</summary>
    public string Mountpoint { get; init; } = "";
    public string Zone { get; init; } = "default";

    /// <summary>"true", "false" or "quick_deny_anonymous".</summary>
    public string EnableAuthn { get; init; } = "true";

    /// <summary><c>allow|deny CIDR|all</c>, the first that matches decides.</summary>
    public IReadOnlyList<string> AccessRules { get; init; } = ["allow all"];
    public bool ProxyProtocol { get; init; }

    /// <summary>Milliseconds.</summary>
    public long ProxyProtocolTimeout { get; init; } = 3000;
    public int Backlog { get; init; } = 1024;
    public bool NoDelay { get; init; } = true;

    /// <summary>TCP's own probes of a silent peer, <c>Idle,Interval,Probes</c> in seconds and number, or "none".</summary>
    public string KeepAlive { get; init; } = "none";

    /// <summary>Connections are reset at their end: what is not out by then is lost, and nothing of them lingers in the system.</summary>
    public bool NoLinger { get; init; }

    /// <summary>Bytes of the system's buffer; null: the system's choice.</summary>
    public int? ReceiveBuffer { get; init; }

    /// <summary>Bytes of the system's buffer; null: the system's choice.</summary>
    public int? SendBuffer { get; init; }

    /// <summary>Bytes that may wait in the node for a slow reader (EMQX's tcp_options.high_watermark).</summary>
    public int HighWatermark { get; init; } = 1 << 20;

    /// <summary>Milliseconds after which a peer that takes nothing is cut off (tcp_options.send_timeout).</summary>
    public long SendTimeout { get; init; } = 15_000;

    /// <summary>Of ssl and wss.</summary>
    public TlsSettings Tls { get; init; } = new();

    /// <summary>Of ws and wss.</summary>
    public WebSocketSettings WebSocket { get; init; } = new();

    /// <summary>"tcp:default".</summary>
    public string Id => $"{Type.ToString().ToLowerInvariant()}:{Name}";
}

/// <summary>The <c>ssl_options</c> that take effect. Files are PEM; null uses the node's self-signed certificate.</summary>
internal sealed record TlsSettings
{
    public string? CertFile { get; init; }
    public string? KeyFile { get; init; }
    public string? KeyPassword { get; init; }
    public string? CaCertFile { get; init; }
    public bool VerifyPeer { get; init; }
    public bool FailIfNoPeerCert { get; init; }

    /// <summary>Of tlsv1.3, tlsv1.2, tlsv1.1, tlsv1; empty: the usual ones.</summary>
    public IReadOnlyList<string> Versions { get; init; } = ["tlsv1.3", "tlsv1.2"];

    /// <summary>Names of <see cref="TlsSuites"/>; empty: the runtime's.</summary>
    public IReadOnlyList<string> Ciphers { get; init; } = [];

    /// <summary>Most certificates between the peer's and a trusted one.</summary>
    public int Depth { get; init; } = 10;

    /// <summary>Milliseconds.</summary>
    public long HandshakeTimeout { get; init; } = 15_000;

    /// <summary>Whether clients get what the certificate's responder says of it.</summary>
    public bool OcspStapling { get; init; }

    /// <summary>The certificate's issuer, where it is not in <see cref="CertFile"/>.</summary>
    public string? IssuerFile { get; init; }
}

/// <summary>The <c>websocket</c> part of a ws or wss listener.</summary>
internal sealed record WebSocketSettings
{
    public string MqttPath { get; init; } = "/mqtt";

    /// <summary>"single" joins deliveries into one frame, "multiple" sends one frame a packet (as 5.8.9 in fact does).</summary>
    public bool FramePerPacket { get; init; } = true;
    public bool Compress { get; init; }

    /// <summary>Milliseconds.</summary>
    public long IdleTimeout { get; init; } = 7_200_000;

    /// <summary>-1: infinity.</summary>
    public int MaxFrameSize { get; init; } = -1;
    public bool FailIfNoSubprotocol { get; init; } = true;
    public IReadOnlyList<string> SupportedSubprotocols { get; init; } = ["mqtt", "mqtt-v3", "mqtt-v3.1.1", "mqtt-v5"];
    public bool CheckOriginEnable { get; init; }
    public bool AllowOriginAbsence { get; init; } = true;
    public IReadOnlyList<string> CheckOrigins { get; init; } = ["http://localhost:18083", "http://127.0.0.1:18083"];
    public string ProxyAddressHeader { get; init; } = "x-forwarded-for";
    public string ProxyPortHeader { get; init; } = "x-forwarded-port";
    public bool ValidateUtf8 { get; init; } = true;
}
