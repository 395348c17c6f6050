using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Emqx.Mgmt.Accounts;

/// <summary>Where a guess comes from: an IPv4 address, or the /64 of an IPv6 one, as a customer is given no less.</summary>
internal readonly record struct LoginOrigin(ulong Network, bool IsWide)
{
    /// <summary>The origin of a peer; all whose address is not known are one.</summary>
    public static LoginOrigin Of(IPAddress? address)
    {
        if (address is null)
            return default;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return address.AddressFamily == AddressFamily.InterNetwork
            ? new(BinaryPrimitives.ReadUInt32BigEndian(bytes), IsWide: false)
            : new(BinaryPrimitives.ReadUInt64BigEndian(bytes), IsWide: true);
    }
}
