using Emqx.Broker.Protocol;

namespace Emqx.Broker.Hooks;

/// <summary>Somebody who looks at the packets of some clients. It never changes its mind: another choice of clients is another watcher.</summary>
internal interface IPacketWatcher
{
    /// <summary>Who gets the packets of that client's connection; null where nobody wants them.</summary>
    IPacketWatch? Find(ClientInfo client);
}

/// <summary>Gets the packets of one connection, from any thread, some of it under the outbox's lock: nothing here waits.</summary>
internal interface IPacketWatch
{
    /// <summary>The client has sent a packet, which is not handled yet.</summary>
    void Received(in PacketText packet);

    /// <summary>A packet goes to the client.</summary>
    void Sent(in PacketText packet);
}
