using System.Net;
using Emqx.Broker.Hooks;
using Emqx.Broker.Metrics;
using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;
using Emqx.Broker.Sessions;
using Emqx.Broker.Settings;
using Emqx.Broker.Timing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Emqx.Broker.Tests.Routing;

/// <summary>Sessions and subscriptions that only have a client id, for what needs no more.</summary>
internal static class TestSessions
{
    private static readonly SessionContext Context = new(new BrokerHooks(NullLogger<BrokerHooks>.Instance), new Counters(),
        new TimerWheel(new FakeTimeProvider(), NullLogger<TimerWheel>.Instance), new SettingsRoot<ZoneSettings>(new ZoneSettings()));

    public static Session Session(string clientId) => new(Context, Client(clientId), new MqttSettings(), expiryInterval: 0, now: 0);

    private static ClientInfo Client(string clientId) => new()
    {
        ClientId = clientId, Username = null, PeerAddress = IPAddress.Loopback, PeerPort = 1, SocketPort = 1883, ProtocolName = "MQTT",
        ProtocolVersion = 5, CleanStart = true, Listener = "tcp:default", ConnectedAt = 0,
    };

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
