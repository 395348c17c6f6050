using Emqx.Broker.Hooks;
using Emqx.Broker.Mqtt.Codec;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Mqtt;

/// <summary>Somebody may look at its packets. While nobody looks at anybody's, that is one read a packet.</summary>
internal sealed partial class Connection
{
    private Watching? _watching;

    /// <summary>What a watcher has said of this connection's client.</summary>
    private sealed record Watching(IPacketWatcher By, IPacketWatch? Watch);

    /// <summary>Who looks at this connection's packets; null: nobody.</summary>
    private IPacketWatch? Watch => _handlers.Hooks.PacketWatcher is { } watcher ? Ask(watcher) : null;

    /// <summary>A CONNECT has told who the client is, which may be looked at before it is let in.</summary>
    public void BeginWatch(ClientInfo client, ConnectPacket packet)
    {
        if (_handlers.Hooks.PacketWatcher is { } watcher)
            Remember(watcher, client)?.Received(PacketFormat.Of(packet));
    }

    private IPacketWatch? Ask(IPacketWatcher watcher)
    {
        if (Volatile.Read(ref _watching) is { } known && known.By == watcher)
            return known.Watch;
        return Client is { } client ? Remember(watcher, client) : null;
    }

    private IPacketWatch? Remember(IPacketWatcher watcher, ClientInfo client)
    {
        var watch = watcher.Find(client);
        Volatile.Write(ref _watching, new Watching(watcher, watch));
        return watch;
    }
}
