using Emqx.Broker.Timing;

namespace Emqx.Broker.Mqtt.Listening;

/// <summary>A max_conn_rate: a bucket that holds one second's worth.</summary>
internal sealed class ConnectionRate(TimerWheel wheel)
{
    private readonly Lock _gate = new();
    private double _tokens = double.NaN;
    private long _filledAt;

    /// <summary>Whether one more may come in. <paramref name="perSecond"/> below 0: infinity.</summary>
    public bool TryTake(double perSecond)
    {
        if (perSecond < 0)
            return true;
        lock (_gate)
        {
            var now = wheel.Refresh();
            _tokens = double.IsNaN(_tokens) ? perSecond : Math.Min(Math.Max(1, perSecond), _tokens + ((now - _filledAt) * perSecond / 1000));
            _filledAt = now;
            if (_tokens < 1)
                return false;
            _tokens--;
            return true;
        }
    }
}
