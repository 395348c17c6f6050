using Emqx.Broker.Protocol;

namespace Emqx.Broker.Routing;

/// <summary>
/// Whoever the router delivers to: an MQTT session, or any other part of the node that subscribes (a bridge, a gateway's client, a
/// rule, another node). Called from any thread, also from several at once; must neither block nor throw.
/// </summary>
internal interface ISubscriber
{
    /// <summary>Its name among the subscribers: that of a client, or one that no client can have. Never changes.</summary>
    string ClientId { get; }

    /// <summary>Whether it is an MQTT session: those are found by their client id; the router remembers the names of all others.</summary>
    bool IsSession { get; }

    /// <summary>
    /// Whether it says for itself, filter by filter, that it does not want its own messages back (MQTT 5's no-local): then the
    /// setting ignore_loop_deliver does not speak for it, nor where its zone does not set it.
    /// </summary>
    bool ChoosesNoLocal { get; }

    /// <summary>Whether it takes nothing any more, and what it subscribed to is only still there because it has not been cleared away.</summary>
    bool HasEnded => false;

    /// <summary>Takes a message that one of its subscriptions selected.</summary>
    /// <param name="message">Shared with all other receivers: to be read only.</param>
    /// <param name="subscription">Its own.</param>
    /// <param name="fromRetained">It was kept for later subscribers, and is not being published now.</param>
    void Deliver(Message message, Subscription subscription, bool fromRetained);

    /// <summary>Takes messages of one publisher, in their order, that are being published now.</summary>
    /// <param name="run">To be read only, and not to be kept.</param>
    /// <param name="subscription">Its own.</param>
    void Deliver(MessageRun run, Subscription subscription)
    {
        foreach (var message in run.Messages)
            Deliver(message, subscription, fromRetained: false);
    }
}
