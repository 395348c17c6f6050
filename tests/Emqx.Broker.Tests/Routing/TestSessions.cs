using System.Net;
using System.Reflection;
using System.Runtime.CompilerServices;
using Emqx.Broker.Clients;
using Emqx.Broker.Routing;
using Emqx.Broker.Sessions;

namespace Emqx.Broker.Tests.Routing;

/// <summary>Sessions and subscriptions that only have a client id, for what needs no more.</summary>
internal static class TestSessions
{
    private static readonly FieldInfo ClientId = typeof(Session).GetField("<ClientId>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic)!;
    private static readonly FieldInfo Client = typeof(Session).GetField("<Client>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic)!;

    public static Session Session(string clientId)
    {
        var session = (Session)RuntimeHelpers.GetUninitializedObject(typeof(Session));
        ClientId.SetValue(session, clientId);
        Client.SetValue(session, new ClientInfo
        {
            ClientId = clientId, Username = null, PeerAddress = IPAddress.Loopback, PeerPort = 1, SocketPort = 1883, ProtocolName = "MQTT",
            ProtocolVersion = 5, CleanStart = true, Listener = "tcp:default", ConnectedAt = 0,
        });
        return session;
    }

    public static Subscription Subscription(string clientId, string filter, byte qos = 0) => Subscription(Session(clientId), filter, qos);

    public static Subscription Subscription(Session session, string filter, byte qos = 0) =>
        new(session, TopicFilter.Parse(filter), new SubscriptionOptions(qos, false, false, 0, 0));

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
                    found.Add(subscription.Session.ClientId);
        found.Sort(StringComparer.Ordinal);
        return [.. found];
    }
}
