using System.Net;

namespace Emqx.Broker.Protocol;

/// <summary>What CONNECT and the transport tell of a client. One object a connection; kept by the session while offline.</summary>
internal sealed class ClientInfo
{
    public required string ClientId { get; init; }

    /// <summary>Null where none was given.</summary>
    public required string? Username { get; init; }

    /// <summary>Normalized, so that one address is one: see <see cref="Protocol.PeerAddress"/>.</summary>
    public required IPAddress PeerAddress { get; init; }
    public required int PeerPort { get; init; }

    /// <summary>The server name of TLS (SNI), or null.</summary>
    public string? PeerSni { get; init; }

    /// <summary>The local port that was connected to.</summary>
    public required int SocketPort { get; init; }

    /// <summary>"MQTT" or "MQIsdp".</summary>
    public required string ProtocolName { get; init; }

    /// <summary>3, 4 or 5.</summary>
    public required byte ProtocolVersion { get; init; }

    public required bool CleanStart { get; init; }

    /// <summary>Level bit 7 of CONNECT (a mosquitto bridge).</summary>
    public bool IsBridge { get; init; }

    /// <summary>Id of the listener, "tcp:default".</summary>
    public required string Listener { get; init; }

    public string Zone { get; init; } = "default";

    /// <summary>The prefix of all its topics, variables filled in; null where none.</summary>
    public string? Mountpoint { get; init; }

    public bool EnableAuthn { get; init; } = true;

    /// <summary>Its listener lets in nobody without a user name (<c>enable_authn = quick_deny_anonymous</c>).</summary>
    public bool NeedsUsername { get; init; }

    public bool IsSuperuser { get; set; }

    /// <summary>When its credentials expire and it is cut off, Unix milliseconds; <see cref="long.MaxValue"/> for never.</summary>
    public long AuthExpireAt { get; set; } = long.MaxValue;

    /// <summary>What its credentials say that it may; null where they say nothing.</summary>
    public IClientAcl? Acl { get; set; }

    /// <summary>EMQX's client_attrs.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; set; } = System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Common name and subject of the client's certificate, or null.</summary>
    public string? CertificateCommonName { get; init; }
    public string? CertificateSubject { get; init; }

    /// <summary>Seconds; 0 for none. May be changed by the API.</summary>
    public int KeepAlive { get; set; }

    /// <summary>Unix milliseconds.</summary>
    public required long ConnectedAt { get; init; }

    /// <summary>The receive maximum that the client told, at most 65535.</summary>
    public int ReceiveMaximum { get; init; } = 65535;
}
