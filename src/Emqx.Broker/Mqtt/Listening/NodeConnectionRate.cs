using Emqx.Broker.Settings;
using Emqx.Broker.Timing;

namespace Emqx.Broker.Mqtt.Listening;

/// <summary>limiter.max_conn_rate: what all listeners together take.</summary>
internal sealed class NodeConnectionRate(SettingsRoot<LimiterSettings> settings, TimerWheel wheel)
{
    private readonly ConnectionRate _rate = new(wheel);

    /// <summary>Whether one more connection may come in.</summary>
    public bool TryTake() => _rate.TryTake(settings.Current.MaxConnectionRate);
}
