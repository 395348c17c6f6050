namespace Emqx.Broker.Modules.Retainer;

/// <summary>So many of something a second: a second's worth at once, and what time brings back.</summary>
internal sealed class TokenBucket(TimeProvider time)
{
    private readonly Lock _gate = new();
    private double _rate;
    private double _tokens;
    private long _at;

    /// <summary>Takes one. False: not yet.</summary>
    /// <param name="rate">A second; negative for no limit. A new one begins with a full bucket.</param>
    public bool TryTake(double rate)
    {
        if (rate < 0)
            return true;
        lock (_gate)
        {
            Fill(rate);
            if (_tokens < 1)
                return false;
            _tokens--;
            return true;
        }
    }

    /// <summary>One that was taken was not used.</summary>
    public void PutBack()
    {
        lock (_gate)
            _tokens++;
    }

    private void Fill(double rate)
    {
        var now = time.GetTimestamp();
        var most = Math.Max(1, rate);
        _tokens = _rate == rate ? Math.Min(most, _tokens + (time.GetElapsedTime(_at, now).TotalSeconds * rate)) : most;
        (_rate, _at) = (rate, now);
    }
}
