using Emqx.Broker.Metrics;

namespace Emqx.Broker.Access;

/// <summary>What an authenticator or an authorization source has said, counted.</summary>
internal enum EntryVerdict
{
    /// <summary>It has let in, or allowed.</summary>
    Positive,

    /// <summary>It has refused, or denied.</summary>
    Negative,

    /// <summary>It does not know.</summary>
    NoMatch,

    /// <summary>It could not say: a time-out, an answer that is none.</summary>
    Ignored,
}

/// <param name="Total">How often it was asked.</param>
internal readonly record struct EntryMetricsReading(long Total, long Positive, long Negative, long NoMatch, long Ignored, RateReading Rate);

/// <summary>Counts what an entry of a chain was asked and has said. Any number of callers count at once.</summary>
internal sealed class EntryMetrics
{
    private readonly long[] _verdicts = new long[4];
    private readonly RateMeter _rate = new();
    private long _total;

    public void CountAsked() => Interlocked.Increment(ref _total);

    public void Count(EntryVerdict verdict) => Interlocked.Increment(ref _verdicts[(int)verdict]);

    /// <summary>Once in <see cref="RateMeter.Interval"/>.</summary>
    public void Tick() => _rate.Sample(Interlocked.Read(ref _total));

    public EntryMetricsReading Read() => new(
        Interlocked.Read(ref _total), Of(EntryVerdict.Positive), Of(EntryVerdict.Negative), Of(EntryVerdict.NoMatch), Of(EntryVerdict.Ignored), _rate.Read());

    private long Of(EntryVerdict verdict) => Interlocked.Read(ref _verdicts[(int)verdict]);
}
