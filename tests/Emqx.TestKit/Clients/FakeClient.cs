using System.Net;
using Emqx.Broker.Clients;
using Emqx.Broker.Protocol;
using Emqx.Broker.Sessions;

namespace Emqx.TestKit.Clients;

/// <summary>A client that nobody connected: a row for directories, or one of another node.</summary>
internal sealed class FakeClient(string clientId, string? username = null, string address = "127.0.0.1", bool cleanStart = true, byte version = 5,
    long connectedAt = 1_700_000_000_000) : IClientView
{
    public string ClientId => clientId;
    public ClientInfo Client { get; set; } = Info(clientId, username, address, cleanStart, version, connectedAt);
    public bool IsConnected { get; set; } = true;
    public long CreatedAt { get; set; } = connectedAt;
    public long DisconnectedAt { get; set; }
    public uint ExpiryInterval { get; set; }
    public SessionCounters Counters { get; } = new();
    public int SubscriptionCount => 1;
    public int SubscriptionMax { get; set; } = -1;
    public int InflightCount => 0;
    public int InflightMax => 32;
    public int MqueueLength => 0;
    public int MqueueMax { get; set; } = 1000;
    public long MqueueDropped => 0;
    public int AwaitingRelCount => 0;
    public int AwaitingRelMax { get; set; } = 100;

    /// <summary>What a CONNECT would have told.</summary>
    public static ClientInfo Info(string clientId, string? username, string address = "127.0.0.1", bool cleanStart = true, byte version = 5,
        long connectedAt = 1_700_000_000_000) => new()
    {
        ClientId = clientId, Username = username, PeerAddress = IPAddress.Parse(address), PeerPort = 50000, SocketPort = 1883,
        ProtocolName = "MQTT", ProtocolVersion = version, CleanStart = cleanStart, Listener = "tcp:default", ConnectedAt = connectedAt, KeepAlive = 60,
    };
}
