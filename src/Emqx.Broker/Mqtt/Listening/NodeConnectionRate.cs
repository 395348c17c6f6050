using Emqx.Broker.Settings;
using Emqx.Broker.Timing;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Mqtt.Listening;

/// <summary>limiter.max_conn_rate: what all listeners together take. It tells of those that are turned away, in one line a second.</summary>
internal sealed class NodeConnectionRate(SettingsRoot<LimiterSettings> settings, TimerWheel wheel, TimeProvider time, ILogger<NodeConnectionRate> logger)
{
    private readonly ConnectionRate _rate = new(wheel);
    private readonly LineASecond _turnedAway = new(time);

    /// <summary>Whether one more connection may come in, by the rate of its listener and the node's.</summary>
    public bool TryTake(ListenerSettings listener, ConnectionRate own)
    {
        if (own.TryTake(listener.MaxConnectionRate) && _rate.TryTake(settings.Current.MaxConnectionRate))
            return true;
        if (_turnedAway.IsDue(out var count))
            MqttLog.TurnedAway(logger, count, listener.Id);
        return false;
    }
}
