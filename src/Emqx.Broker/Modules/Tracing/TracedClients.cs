using System.Net;
using Emqx.Broker.Hooks;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Modules.Tracing;

/// <summary>Whose packets the running traces want: a connection asks once, and again when other traces run.</summary>
internal sealed class TracedClients(RunningTrace[] traces) : IPacketWatcher
{
    public IPacketWatch? Find(ClientInfo client)
    {
        List<TraceLog>? logs = null;
        foreach (var trace in traces)
        {
            if (trace.Filter.Concerns(client, topic: null))
                (logs ??= []).Add(trace.Log);
        }

        return logs is null ? null : new TracedClient(client, [.. logs]);
    }

    /// <summary>A client that is traced.</summary>
    private sealed class TracedClient(ClientInfo client, TraceLog[] logs) : IPacketWatch
    {
        private readonly string _tag = client.Listener.StartsWith("ws", StringComparison.Ordinal) ? "WS-MQTT" : "MQTT";
        private readonly string _peer = new IPEndPoint(client.PeerAddress, client.PeerPort).ToString();

        public void Received(in PacketText packet) => Tell("mqtt_packet_received", packet);

        public void Sent(in PacketText packet) => Tell("mqtt_packet_sent", packet);

        private void Tell(string word, in PacketText packet)
        {
            foreach (var log in logs)
                log.Add(new TraceEvent(_tag, word) { ClientId = client.ClientId, Peer = _peer, HasPacket = true, Packet = packet });
        }
    }
}
