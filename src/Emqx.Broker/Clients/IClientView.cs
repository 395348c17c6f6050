using Emqx.Broker.Protocol;
using Emqx.Broker.Sessions;

namespace Emqx.Broker.Clients;

/// <summary>
/// A client as the API shows it. The node's own sessions are read through it as they are, without a copy; another
/// node's clients arrive as objects of that node's connection to us.
/// </summary>
internal interface IClientView
{
    string ClientId { get; }

    /// <summary>Of the latest connection.</summary>
    ClientInfo Client { get; }
    bool IsConnected { get; }

    /// <summary>Unix milliseconds, of the session.</summary>
    long CreatedAt { get; }

    /// <summary>Unix milliseconds; 0 while connected.</summary>
    long DisconnectedAt { get; }

    /// <summary>Seconds; uint.MaxValue never expires.</summary>
    uint ExpiryInterval { get; }
    SessionCounters Counters { get; }
    int SubscriptionCount { get; }

    /// <summary>-1: no limit.</summary>
    int SubscriptionMax { get; }
    int InflightCount { get; }
    int InflightMax { get; }
    int MqueueLength { get; }

    /// <summary>0: no limit.</summary>
    int MqueueMax { get; }
    long MqueueDropped { get; }
    int AwaitingRelCount { get; }

    /// <summary>0: no limit.</summary>
    int AwaitingRelMax { get; }
}

/// <summary>One row of a list of clients: the client, and the node that has it.</summary>
internal readonly record struct ClientRow(string Node, IClientView View);
