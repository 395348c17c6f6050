using Emqx.Broker.Clients;
using Emqx.Broker.Messages;
using Emqx.Broker.Routing;

namespace Emqx.Broker.Sessions;

/// <summary>A client's session: subscriptions, queue, in-flight window. Outlives the connection.</summary>
internal sealed class Session : IClientView
{
    public required string ClientId { get; init; }

    /// <summary>Of the latest connection.</summary>
    public required ClientInfo Client { get; set; }
    public bool IsConnected { get; set; }

    /// <summary>Unix milliseconds.</summary>
    public long CreatedAt { get; init; }

    /// <summary>Unix milliseconds; 0 while connected.</summary>
    public long DisconnectedAt { get; set; }

    /// <summary>Seconds; uint.MaxValue never expires.</summary>
    public uint ExpiryInterval { get; set; }
    public SessionCounters Counters { get; } = new();
    public int SubscriptionCount => throw new NotImplementedException();
    public int InflightCount => throw new NotImplementedException();
    public int InflightMax => throw new NotImplementedException();
    public int MqueueLength => throw new NotImplementedException();
    public int MqueueMax => throw new NotImplementedException();
    public long MqueueDropped => throw new NotImplementedException();
    public int AwaitingRelCount => throw new NotImplementedException();
    public int AwaitingRelMax => throw new NotImplementedException();

    /// <summary>A copy of the subscriptions as they are now.</summary>
    public Subscription[] GetSubscriptions() => throw new NotImplementedException();

    /// <summary>Delivers, or queues, a message that the router matched.</summary>
    public void Deliver(Message message, Subscription subscription, bool fromRetained) => throw new NotImplementedException();

    /// <summary>Copies the queue, oldest first by priority, for the API.</summary>
    public QueuedMessage[] GetQueued() => throw new NotImplementedException();

    /// <summary>Copies the in-flight window, oldest first, for the API.</summary>
    public QueuedMessage[] GetInflight() => throw new NotImplementedException();
}

/// <param name="InsertedAt">Nanoseconds since 1970, unique and rising within the session.</param>
/// <param name="Priority">mqueue_priority; 0 where none.</param>
internal readonly record struct QueuedMessage(Message Message, byte Qos, long InsertedAt, int Priority);
