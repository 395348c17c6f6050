using Emqx.Broker.Hooks;
using Emqx.Broker.Monitoring;
using Emqx.Broker.Node;

namespace Emqx.Broker.Sessions;

/// <summary>What every session of the node shares.</summary>
internal sealed class SessionContext(BrokerHooks hooks, Counters counters, TimerWheel wheel)
{
    public BrokerHooks Hooks { get; } = hooks;
    public Counters Counters { get; } = counters;
    public TimerWheel Wheel { get; } = wheel;

    /// <summary>The session's timer has come: set by the table, which knows what an expiry means.</summary>
    public Action<Session, long> OnDue { get; set; } = static (_, _) => { };
}
