using Emqx.Broker.Protocol;

namespace Emqx.Broker.Messages;

/// <summary>Publishes messages of the node's own parts as if a client had sent them: hooks, retained messages, routing.</summary>
internal interface IMessagePublisher
{
    /// <summary>Publishes, and does not wait for what becomes of it.</summary>
    void Publish(Message message);

    /// <summary>
    /// Publishes; gives how many subscribers the message went to, -1 where it could be given to none of them. Completes at once unless a
    /// hook takes its time.
    /// </summary>
    ValueTask<int> PublishAsync(Message message);
}
