namespace Emqx.Broker.Modules.TopicMetrics;

/// <summary>A topic that is measured. Counts without a lock; rates follow once a second.</summary>
/// <param name="createdAt">Unix seconds.</param>
internal sealed class MeasuredTopic(string topic, long createdAt)
{
    /// <summary>Seconds over which a rate is a moving average.</summary>
    private const int RateWindow = 5;

    private static readonly int s_metrics = TopicMetricNames.All.Count;

    private readonly Lock _gate = new(); // of the rates
    private readonly long[] _counts = new long[s_metrics]; // those of the sums stay zero
    private readonly long[] _before = new long[s_metrics];
    private readonly double[] _rates = new double[s_metrics];

    /// <summary>A message was published.</summary>
    public void CountIn(byte qos) => Interlocked.Increment(ref _counts[(int)TopicMetric.Qos0In + (2 * qos)]);

    /// <summary>A message was delivered.</summary>
    public void CountOut(byte qos) => Interlocked.Increment(ref _counts[(int)TopicMetric.Qos0Out + (2 * qos)]);

    /// <summary>A message went to nobody.</summary>
    public void CountDropped() => Interlocked.Increment(ref _counts[(int)TopicMetric.Dropped]);

    /// <summary>A second has passed.</summary>
    public void Tick()
    {
        lock (_gate)
        {
            for (var i = 0; i < _rates.Length; i++)
            {
                var count = CountOf((TopicMetric)i);
                _rates[i] = (_rates[i] * (RateWindow - 1) + (count - _before[i])) / RateWindow;
                _before[i] = count;
            }
        }
    }

    /// <summary>Counts from zero again.</summary>
    public void Restart()
    {
        lock (_gate)
        {
            for (var i = 0; i < _counts.Length; i++)
                Volatile.Write(ref _counts[i], 0);
            Array.Clear(_before);
            Array.Clear(_rates);
        }
    }

    /// <summary>What stands there now.</summary>
    public TopicReading Read()
    {
        lock (_gate)
        {
            var counts = new long[_counts.Length];
            for (var i = 0; i < counts.Length; i++)
                counts[i] = CountOf((TopicMetric)i);
            return new TopicReading(topic, createdAt, counts, [.. _rates]);
        }
    }

    private long CountOf(TopicMetric metric) => metric switch
    {
        TopicMetric.In => Sum(TopicMetric.Qos0In),
        TopicMetric.Out => Sum(TopicMetric.Qos0Out),
        _ => Volatile.Read(ref _counts[(int)metric]),
    };

    private long Sum(TopicMetric first) =>
        Volatile.Read(ref _counts[(int)first]) + Volatile.Read(ref _counts[(int)first + 2]) + Volatile.Read(ref _counts[(int)first + 4]);
}
