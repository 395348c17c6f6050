using Emqx.Broker.Hooks;
using Emqx.Broker.Metrics;
using Emqx.Broker.Mqtt.Listening;
using Emqx.Broker.Sessions;
using Emqx.Broker.Settings;
using Emqx.Broker.Timing;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Mqtt;

/// <summary>What every connection shares: the handlers of packets and the parts of the node that it touches itself.</summary>
internal sealed class PacketHandlers
{
    private bool _isStopping;

    public required ConnectHandler Connect { get; init; }
    public required AuthenticationHandler Authentication { get; init; }
    public required PublishHandler Publish { get; init; }
    public required SubscribeHandler Subscribe { get; init; }
    public required AcknowledgementHandler Acknowledgement { get; init; }
    public required SessionTable Sessions { get; init; }
    public required SettingsRoot<ZoneSettings> Zone { get; init; }
    public required NodeIntake Intake { get; init; }
    public required NodeConnectionRate ConnectionRate { get; init; }
    public required Descriptors Descriptors { get; init; }
    /// <summary>What clients make the node keep.</summary>
    public required HeldBytes Held { get; init; }

    public UnfinishedConnects Unfinished { get; } = new();

    /// <summary>
    /// The node goes down: messages of clients are passed over, without an acknowledgement that would make them the node's, so that wills and
    /// goodbyes have its last moments to themselves.
    /// </summary>
    public bool IsStopping
    {
        get => Volatile.Read(ref _isStopping);
        set => Volatile.Write(ref _isStopping, value);
    }

    public required TimerWheel Wheel { get; init; }
    public required Counters Counters { get; init; }
    public required BrokerHooks Hooks { get; init; }
    public required ILogger<Connection> Logger { get; init; }
}
