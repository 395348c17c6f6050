using System.Net;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Settings;

/// <summary>A listener of the HTTP side. Two are equal where they were written alike.</summary>
/// <param name="Fields">As they were written.</param>
/// <param name="Bind">Port 0: without TLS a free one is taken, with TLS it is off.</param>
/// <param name="Backlog">Connections that may wait to be accepted.</param>
/// <param name="Inet6">A port alone is one of IPv6, too.</param>
/// <param name="Ipv6Only">An IPv6 socket takes no IPv4.</param>
/// <param name="Tls">Null: without. File names as they were written.</param>
internal sealed record HttpListenerSettings(ConfigObject Fields, bool Enable, IPEndPoint Bind, int Backlog, bool Inet6, bool Ipv6Only, TlsSettings? Tls)
{
    public bool Equals(HttpListenerSettings? other) => other is not null && Fields.Equals(other.Fields);

    public override int GetHashCode() => Fields.Count;
}
