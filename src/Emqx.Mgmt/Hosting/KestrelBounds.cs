using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Emqx.Mgmt.Hosting;

/// <summary>What a peer of the HTTP side may take before anything is known of it.</summary>
internal static class KestrelBounds
{
    /// <summary>Bytes of a request that are held before somebody reads them.</summary>
    private const long HeldUnread = 64 * 1024;

    /// <summary>Sets the bounds; the server does not say what it is made of.</summary>
    public static void BoundForStrangers(this KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBufferSize = HeldUnread;
        kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
    }
}
