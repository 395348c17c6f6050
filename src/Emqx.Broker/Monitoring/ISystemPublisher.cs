using Emqx.Broker.Messages;

namespace Emqx.Broker.Monitoring;

/// <summary>How the node publishes its own messages.</summary>
internal interface ISystemPublisher
{
    void Publish(Message message);
}
