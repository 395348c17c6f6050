using Emqx.Broker.Protocol;

namespace Emqx.Broker.Messages;

/// <summary>Publishes messages of the node's own parts as if a client had sent them: hooks, retained messages, routing.</summary>
internal interface IMessagePublisher
{
    /// <summary>Publishes; gives how many subscribers the message went to, -1 where there were some but none could be given it.</summary>
    int Publish(Message message);
}
