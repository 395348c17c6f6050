using Emqx.Broker.Timing;

namespace Emqx.Broker.Mqtt.Listening;

/// <summary>A messages_rate or bytes_rate: fills by time, holds at most one second's worth, and may be owed: whoever owes waits.</summary>
internal sealed class IntakeBucket(TimerWheel wheel, double perSecond)
{
    private readonly Lock _gate = new();
    private double _tokens;
    private long _filledAt = wheel.Steady;

    /// <summary>Takes what has come in; tells the milliseconds until nothing is owed any more.</summary>
    public long Charge(long amount)
    {
        lock (_gate)
        {
            var now = wheel.Refresh();
            _tokens = Math.Min(perSecond, _tokens + ((now - _filledAt) * perSecond / 1000)) - amount;
            _filledAt = now;
            return _tokens >= 0 ? 0 : (long)Math.Ceiling(Math.Min(-_tokens * 1000 / perSecond, IntakeLimit.LongestWait));
        }
    }
}
