using System.Net;
using Emqx.Broker.Hooks;
using Emqx.Broker.Metrics;
using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;
using Emqx.Broker.Sessions;
using Emqx.Broker.Settings;
using Emqx.Broker.Timing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Emqx.Benchmarks.Routing;

/// <summary>Subscriptions for the benchmarks, of sessions without a connection.</summary>
internal static class RoutingRows
{
    private static readonly SessionContext Context =
        new(new BrokerHooks(NullLogger<BrokerHooks>.Instance), new Counters(), new TimerWheel(TimeProvider.System, NullLogger<TimerWheel>.Instance),
            new SettingsRoot<ZoneSettings>(new ZoneSettings()));

    public static Session Session(string clientId) => new(Context, new ClientInfo
    {
        ClientId = clientId, Username = null, PeerAddress = IPAddress.Loopback, PeerPort = 1, SocketPort = 1883, ProtocolName = "MQTT",
        ProtocolVersion = 5, CleanStart = true, Listener = "tcp:default", ConnectedAt = 0,
    }, new MqttSettings(), expiryInterval: 0, now: 0);

    public static Subscription Subscription(Session session, string filter) => new(session, TopicFilter.Parse(filter), default);
}
