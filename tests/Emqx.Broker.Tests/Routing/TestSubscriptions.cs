using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;

namespace Emqx.Broker.Tests.Routing;

/// <summary>Subscriptions of subscribers that only have a client id, for what needs no more.</summary>
internal static class TestSubscriptions
{
    public static Subscription Subscription(string clientId, string filter, byte qos = 0) => Subscription(new TestSubscriber(clientId), filter, qos);

    public static Subscription Subscription(ISubscriber subscriber, string filter, byte qos = 0) =>
        new(subscriber, TopicFilter.Parse(filter), new SubscriptionOptions(qos, false, false, 0, 0));

    /// <summary>Adds a subscription to the router and gives it.</summary>
    public static Subscription Subscribe(this Router router, string clientId, string filter, byte qos = 0)
    {
        var subscription = Subscription(clientId, filter, qos);
        router.Add(subscription);
        return subscription;
    }

    /// <summary>Client ids of all plain subscribers that a topic has, in order.</summary>
    public static string[] Receivers(this Router router, string topic)
    {
        var found = new List<string>();
        foreach (var leaf in router.Match(topic).Leaves)
            foreach (var subscription in leaf.Subscribers)
                if (subscription is not null)
                    found.Add(subscription.Subscriber.ClientId);
        found.Sort(StringComparer.Ordinal);
        return [.. found];
    }
}
