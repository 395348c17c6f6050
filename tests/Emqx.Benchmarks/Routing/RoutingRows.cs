using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;

namespace Emqx.Benchmarks.Routing;

/// <summary>Subscriptions for the benchmarks, of subscribers that only have a name.</summary>
internal static class RoutingRows
{
    public static Subscription Subscription(ISubscriber subscriber, string filter) => new(subscriber, TopicFilter.Parse(filter), default);

    /// <summary>Somebody who throws away what is delivered.</summary>
    internal sealed class Subscriber(string clientId) : ISubscriber
    {
        public string ClientId { get; } = clientId;
        public bool IsSession => true;
        public bool ChoosesNoLocal => true;

        public void Deliver(Message message, Subscription subscription, bool fromRetained)
        {
        }
    }
}
