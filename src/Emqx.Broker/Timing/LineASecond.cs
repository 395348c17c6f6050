namespace Emqx.Broker.Timing;

/// <summary>For log lines that peers can cause: one a second, with the number of cases that it stands for.</summary>
internal sealed class LineASecond(TimeProvider time)
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private long _toldAt;
    private long _count;

    /// <summary>Counts a case. True: a line is due, which stands for <paramref name="count"/> of them.</summary>
    public bool IsDue(out long count)
    {
        lock (_gate)
        {
            count = ++_count;
            if (_toldAt != 0 && time.GetElapsedTime(_toldAt) < s_period)
                return false;
            _toldAt = time.GetTimestamp();
            _count = 0;
            return true;
        }
    }
}
