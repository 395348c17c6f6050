using System.Globalization;
using System.Text;

namespace Emqx.Broker.Access.Templates;

/// <summary>Names of places that a template may have, and what is filled in there: EMQX's, as bytes, nothing where a client has no such value.</summary>
internal sealed class TemplateNames
{
    private const string AttributePrefix = "client_attrs.";

    private static readonly Dictionary<string, Func<TemplateValues, ReadOnlyMemory<byte>>> s_all = new(StringComparer.Ordinal)
    {
        ["clientid"] = static values => Bytes(values.Client?.ClientId),
        ["username"] = static values => Bytes(values.Client?.Username),
        ["password"] = static values => values.Password,
        ["peerhost"] = static values => Bytes(values.Client?.PeerAddress.ToString()),
        ["cert_subject"] = static values => Bytes(values.Client?.CertificateSubject),
        ["cert_common_name"] = static values => Bytes(values.Client?.CertificateCommonName),
        ["zone"] = static values => Bytes(values.Client?.Zone),
        ["mountpoint"] = static values => Bytes(values.Client?.Mountpoint),
        ["proto_name"] = static _ => Bytes("mqtt"),
        ["topic"] = static values => Bytes(values.Request?.Topic),
        ["action"] = static values => Bytes(values.Request is { IsPublish: true } ? "publish" : "subscribe"),
        ["access"] = static values => Bytes(values.Request is { IsPublish: true } ? "2" : "1"),
        ["qos"] = static values => Bytes(values.Request?.Qos.ToString(CultureInfo.InvariantCulture)),
        ["retain"] = static values => Bytes(values.Request is { IsPublish: true, Retain: true } ? "true" : "false"),
    };

    private readonly HashSet<string> _names;
    private readonly bool _hasAttributes;

    private TemplateNames(bool hasAttributes, params IEnumerable<string> names)
    {
        _hasAttributes = hasAttributes;
        _names = [.. names];
    }

    /// <summary>None: everything is text.</summary>
    public static readonly TemplateNames None = new(hasAttributes: false);

    /// <summary>Of what a token's claims have to be.</summary>
    public static readonly TemplateNames Claims = new(hasAttributes: false, "clientid", "username");

    /// <summary>Of questions who a client is.</summary>
    public static readonly TemplateNames Authentication =
        new(hasAttributes: true, "clientid", "username", "password", "peerhost", "cert_subject", "cert_common_name", "zone");

    /// <summary>Of questions what a client may do.</summary>
    public static readonly TemplateNames Authorization = new(hasAttributes: true,
        "clientid", "username", "peerhost", "cert_subject", "cert_common_name", "proto_name", "mountpoint", "topic", "action", "access", "qos", "retain");

    /// <summary>Of questions which rules there are for a client; these say themselves what it may do.</summary>
    public static readonly TemplateNames Rules = new(hasAttributes: true, "clientid", "username", "peerhost", "cert_subject", "cert_common_name", "zone");

    /// <summary>What fills a place of that name; null where the template may have no such place.</summary>
    public Func<TemplateValues, ReadOnlyMemory<byte>>? Find(string name)
    {
        if (_names.Contains(name))
            return s_all[name];
        if (!_hasAttributes || name.Length <= AttributePrefix.Length || !name.StartsWith(AttributePrefix, StringComparison.Ordinal))
            return null;
        var attribute = name[AttributePrefix.Length..];
        return values => Bytes(values.Client?.Attributes.GetValueOrDefault(attribute));
    }

    private static ReadOnlyMemory<byte> Bytes(string? text) => string.IsNullOrEmpty(text) ? default : Encoding.UTF8.GetBytes(text);
}
