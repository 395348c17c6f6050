using System.Collections.ObjectModel;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Emqx.Broker.Mqtt.Codec;
using Emqx.Broker.Protocol;
using Emqx.Broker.Settings;

namespace Emqx.Broker.Mqtt;

/// <summary>Who a client is: what CONNECT says, what its certificate says, and what the zone's settings make of both.</summary>
internal sealed class ClientIdentity
{
    private readonly ConditionalWeakTable<MqttSettings, ClientExpressions> _expressions = []; // each zone has its own

    /// <summary>Describes the client of a CONNECT. <paramref name="assignedId"/> is what it has to be told where it sent no id.</summary>
    public ClientInfo Describe(Connection connection, ConnectPacket packet, out string? assignedId)
    {
        var (settings, origin) = (connection.Settings, connection.Origin);
        var username = FromCertificate(settings.PeerCertAsUsername, origin) ?? packet.Username;
        var clientId = FromCertificate(settings.PeerCertAsClientId, origin)
            ?? (settings.UseUsernameAsClientId && !string.IsNullOrEmpty(username) ? username : packet.ClientId);
        var attributes = Evaluate(settings, packet, origin, username, ref clientId);
        if (clientId.Length == 0)
            clientId = "emqx_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
        assignedId = packet.ClientId.Length == 0 && settings.PeerCertAsClientId == "disabled" ? clientId : null;

        return new ClientInfo
        {
            ClientId = clientId,
            Username = username,
            PeerAddress = origin.Peer.Address,
            PeerPort = origin.Peer.Port,
            PeerSni = origin.ServerName,
            SocketPort = origin.LocalPort,
            ProtocolName = packet.ProtocolName,
            ProtocolVersion = packet.Version,
            CleanStart = packet.CleanStart,
            IsBridge = packet.IsBridge,
            Listener = origin.Listener.Id,
            Zone = origin.Listener.Zone,
            Mountpoint = Mount(origin.Listener.Mountpoint, clientId, username),
            EnableAuthn = origin.Listener.EnableAuthn != "false",
            NeedsUsername = origin.Listener.EnableAuthn == "quick_deny_anonymous",
            KeepAlive = packet.IsV5 && settings.ServerKeepAlive >= 0 ? settings.ServerKeepAlive : packet.KeepAlive,
            ConnectedAt = connection.Now,
            ReceiveMaximum = packet.ReceiveMaximum ?? ushort.MaxValue,
            Attributes = attributes,
            CertificateCommonName = CommonName(origin),
            CertificateSubject = Subject(origin),
        };
    }

    /// <summary>Evaluates the zone's expressions: the attributes, and the client id where one overrides it.</summary>
    private IReadOnlyDictionary<string, string> Evaluate(MqttSettings settings, ConnectPacket packet, ConnectionOrigin origin, string? username, ref string clientId)
    {
        var expressions = _expressions.GetValue(settings, static settings => new ClientExpressions(settings));
        if (!expressions.AreUsed)
            return ReadOnlyDictionary<string, string>.Empty;
        var variables = new ClientVariables(packet, clientId, username, CommonName(origin), Subject(origin), origin);
        var attributes = expressions.Attributes(variables);
        clientId = expressions.ClientId(variables) ?? clientId;
        return attributes;
    }

    private static string? Mount(string mountpoint, string clientId, string? username) => mountpoint.Length == 0 ? null
        : mountpoint.Replace("${clientid}", clientId, StringComparison.Ordinal).Replace("${username}", username ?? "undefined", StringComparison.Ordinal);

    private static string? FromCertificate(string what, ConnectionOrigin origin) => what switch
    {
        "cn" => CommonName(origin),
        "dn" => Subject(origin),
        "crt" when origin.Certificate is { } certificate => System.Text.Encoding.Latin1.GetString(certificate.RawData),
        "pem" when origin.Certificate is { } certificate => Convert.ToBase64String(certificate.RawData),
#pragma warning disable CA5351 // EMQX offers the MD5 of a certificate as a name, not as a protection.
        "md5" when origin.Certificate is { } certificate => Convert.ToHexStringLower(MD5.HashData(certificate.RawData)),
#pragma warning restore CA5351
        _ => null,
    };

    private static string? CommonName(ConnectionOrigin origin)
    {
        var name = origin.Certificate is { } certificate ? certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false) : origin.CertificateName;
        return string.IsNullOrEmpty(name) ? null : name;
    }

    /// <summary>EMQX's form: most specific first, no blanks, ST for the state. Of a certificate that a proxy tells of there is the common name alone, which stands in.</summary>
    private static string? Subject(ConnectionOrigin origin) => origin.Certificate is not { } certificate ? CommonName(origin)
        : $", {certificate.SubjectName.Format(multiLine: false)}".Replace(", S=", ", ST=", StringComparison.Ordinal)[2..].Replace(", ", ",", StringComparison.Ordinal);
}
