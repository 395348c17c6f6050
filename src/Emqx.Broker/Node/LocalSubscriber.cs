using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Node;

/// <summary>Code of this process that subscribes: gets each message at once, on the publisher's thread.</summary>
internal sealed class LocalSubscriber(long number, Action<BrokerMessage> receive, ILogger logger) : ISubscriber
{
    /// <summary>The blank keeps it apart from what people name their clients.</summary>
    public string ClientId { get; } = $"in process {number}";

    public bool IsSession => false;

    public bool ChoosesNoLocal => true;

    public void Deliver(Message message, Subscription subscription, bool fromRetained)
    {
        try
        {
            receive(new BrokerMessage(message.Topic, message.Payload) { Qos = message.Qos, Retain = fromRetained, From = message.From });
        }
        catch (Exception error)
        {
            NodeLog.SubscriberFailed(logger, subscription.Filter.Text, error);
        }
    }
}
