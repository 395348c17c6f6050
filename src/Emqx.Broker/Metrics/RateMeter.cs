namespace Emqx.Broker.Metrics;

/// <param name="Current">Of the last interval.</param>
/// <param name="Last5Minutes">Mean of the last five minutes, or of the time since the start where that is shorter.</param>
/// <param name="Max">The highest of all intervals.</param>
internal readonly record struct RateReading(double Current, double Last5Minutes, double Max);

/// <summary>
/// How fast a counter grows, a second, as EMQX tells it of authenticators, sources, rules and actions: sampled every ten seconds. One caller
/// samples; anybody reads.
/// </summary>
internal sealed class RateMeter
{
    /// <summary>Seconds from one sample to the next.</summary>
    public const int Interval = 10;

    private const int Samples = 300 / Interval;
    private readonly Lock _gate = new();
    private readonly double[] _rates = new double[Samples]; // a ring
    private long _ticks;
    private long _last;
    private double _max;

    /// <summary>Takes the counter's value; called once an interval.</summary>
    public void Sample(long total)
    {
        lock (_gate)
        {
            var rate = Math.Max(0, total - _last) / (double)Interval;
            _last = total;
            _rates[_ticks++ % Samples] = rate;
            _max = Math.Max(_max, rate);
        }
    }

    public RateReading Read()
    {
        lock (_gate)
        {
            if (_ticks == 0)
                return default;
            var sum = 0d;
            foreach (var rate in _rates)
                sum += rate;
            return new(_rates[(_ticks - 1) % Samples], sum / Math.Min(_ticks, Samples), _max);
        }
    }
}
