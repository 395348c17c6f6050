using System.Net;

namespace Emqx.Broker.Protocol;

/// <summary>Addresses in the one form in which they are kept, compared and shown.</summary>
internal static class PeerAddress
{
    /// <summary>An IPv4 address that came in IPv6 form, as a socket for both gives it, is an IPv4 address.</summary>
    public static IPAddress Normalize(this IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>The same for an address with its port.</summary>
    public static IPEndPoint Normalize(this IPEndPoint peer) =>
        peer.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(peer.Address.MapToIPv4(), peer.Port) : peer;
}
