using Emqx.Broker.Node;
using Emqx.Broker.Settings;

namespace Emqx.Broker.Mqtt;

/// <summary>limiter.max_conn_rate: what all listeners together take.</summary>
internal sealed class NodeConnectionRate(SettingsRoot<LimiterSettings> settings, TimerWheel wheel)
{
    private readonly ConnectionRate _rate = new(wheel);

    /// <summary>Whether one more connection may come in.</summary>
    public bool TryTake() => _rate.TryTake(settings.Current.MaxConnectionRate);
}
