using Emqx.Broker.Hooks;
using Emqx.Broker.Metrics;
using Emqx.Broker.Settings;
using Emqx.Broker.Timing;

namespace Emqx.Broker.Sessions;

/// <summary>What every session of the node shares.</summary>
internal sealed class SessionContext(BrokerHooks hooks, Counters counters, TimerWheel wheel, SettingsRoot<ZoneSettings> zone)
{
    public BrokerHooks Hooks { get; } = hooks;
    public Counters Counters { get; } = counters;
    public TimerWheel Wheel { get; } = wheel;
    public SettingsRoot<ZoneSettings> Zone { get; } = zone;

    /// <summary>What waits for all clients together.</summary>
    public HeldBytes Held { get; } = new();

    /// <summary>The session's timer has come: set by the table, which knows what an expiry means.</summary>
    public Action<Session, long> OnDue { get; set; } = static (_, _) => { };
}
