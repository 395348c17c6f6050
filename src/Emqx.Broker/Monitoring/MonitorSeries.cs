using Emqx.Broker.Storage;

namespace Emqx.Broker.Monitoring;

/// <summary>One moment of the history: a sample, or none where the node was down.</summary>
/// <param name="At">Unix milliseconds.</param>
internal readonly record struct MonitorPoint(long At, StoredMonitorSample? Sample);

/// <summary>Arithmetic on series of samples, oldest first: thinning, filling of gaps, sums over nodes.</summary>
internal static class MonitorSeries
{
    public const long Second = 1000, Minute = 60 * Second, Hour = 60 * Minute, Day = 24 * Hour;

    /// <summary>How long samples are kept.</summary>
    public const long Retention = 7 * Day;

    /// <summary>The distance of points in a series that reaches back so far: about a thousand points at most.</summary>
    public static long IntervalFor(long age) => age switch
    {
        <= Minute => Second,
        <= Hour => 10 * Second,
        <= Day => Minute,
        <= 3 * Day => 5 * Minute,
        _ => 10 * Minute,
    };

    /// <summary>Merges what falls into one interval; a series of fewer than two is left as it is.</summary>
    public static List<StoredMonitorSample> DownSample(IReadOnlyList<StoredMonitorSample> samples, long since)
    {
        if (samples.Count < 2)
            return [.. samples];
        var interval = IntervalFor(samples[^1].At - since);
        var thinned = new List<StoredMonitorSample>();
        foreach (var sample in samples)
            AddTo(thinned, sample, sample.At - sample.At % interval);
        return thinned;
    }

    /// <summary>Puts empty points where samples are missing, from <paramref name="since"/> (0: from the first one) to the last one.</summary>
    public static List<MonitorPoint> FillGaps(IReadOnlyList<StoredMonitorSample> samples, long since)
    {
        var points = new List<MonitorPoint>(samples.Count);
        if (samples.Count < 2)
        {
            foreach (var sample in samples)
                points.Add(new MonitorPoint(sample.At, sample));
            return points;
        }

        var interval = IntervalFor(samples[^1].At - since);
        var next = since == 0 ? samples[0].At : since - since % interval;
        foreach (var sample in samples)
        {
            for (; next < sample.At; next += interval)
                points.Add(new MonitorPoint(next, null));
            points.Add(new MonitorPoint(sample.At, sample));
            if (next == sample.At)
                next += interval;
        }

        return points;
    }

    /// <summary>The series of several nodes as one: sums, but for what is the same on each node of a cluster.</summary>
    public static List<MonitorPoint> Merge(IReadOnlyList<IReadOnlyList<MonitorPoint>> nodes)
    {
        if (nodes.Count == 1)
            return [.. nodes[0]];
        var merged = new SortedDictionary<long, StoredMonitorSample?>();
        foreach (var node in nodes)
            foreach (var (at, sample) in node)
                merged[at] = merged.TryGetValue(at, out var other) && other is not null && sample is not null
                    ? AddNode(other, sample)
                    : sample ?? other;
        return [.. merged.Select(pair => new MonitorPoint(pair.Key, pair.Value))];
    }

    /// <summary>Which samples of a store are to be replaced by which thinned ones at <paramref name="now"/>.</summary>
    public static (List<long> Removed, List<StoredMonitorSample> Added) Thin(IReadOnlyList<StoredMonitorSample> samples, long now)
    {
        List<long> removed = [];
        List<StoredMonitorSample> added = [];
        List<StoredMonitorSample> bucket = [];
        foreach (var sample in samples)
        {
            var at = Bucket(sample.At, now);
            if (bucket.Count > 0 && Bucket(bucket[0].At, now) != at)
                Close(bucket, now, removed, added);
            bucket.Add(sample);
        }

        Close(bucket, now, removed, added);
        return (removed, added);
    }

    private static long Bucket(long at, long now) => at - at % Math.Max(10 * Second, IntervalFor(now - at));

    private static void Close(List<StoredMonitorSample> bucket, long now, List<long> removed, List<StoredMonitorSample> added)
    {
        if (bucket.Count > 1)
        {
            var merged = bucket[0] with { At = Bucket(bucket[0].At, now) };
            for (var i = 1; i < bucket.Count; i++)
                merged = AddLater(merged, bucket[i]);
            removed.AddRange(bucket.Select(sample => sample.At));
            added.Add(merged);
        }

        bucket.Clear();
    }

    private static void AddTo(List<StoredMonitorSample> thinned, StoredMonitorSample sample, long at)
    {
        if (thinned.Count > 0 && thinned[^1].At == at)
            thinned[^1] = AddLater(thinned[^1], sample);
        else
            thinned.Add(sample with { At = at });
    }

    /// <summary>Counts add up; of the gauges the later ones stay.</summary>
    private static StoredMonitorSample AddLater(StoredMonitorSample sum, StoredMonitorSample later) => AddCounts(later with { At = sum.At }, sum);

    private static StoredMonitorSample AddNode(StoredMonitorSample one, StoredMonitorSample other) => AddCounts(one, other) with
    {
        Connections = one.Connections + other.Connections,
        LiveConnections = one.LiveConnections + other.LiveConnections,
        Subscriptions = one.Subscriptions + other.Subscriptions,
        SubscriptionsRam = one.SubscriptionsRam + other.SubscriptionsRam,
        SubscriptionsDurable = Math.Max(one.SubscriptionsDurable, other.SubscriptionsDurable),
        DisconnectedDurableSessions = Math.Max(one.DisconnectedDurableSessions, other.DisconnectedDurableSessions),
        Topics = Math.Max(one.Topics, other.Topics),
    };

    private static StoredMonitorSample AddCounts(StoredMonitorSample to, StoredMonitorSample other) => to with
    {
        Received = to.Received + other.Received,
        Sent = to.Sent + other.Sent,
        Dropped = to.Dropped + other.Dropped,
        Persisted = to.Persisted + other.Persisted,
        ValidationSucceeded = to.ValidationSucceeded + other.ValidationSucceeded,
        ValidationFailed = to.ValidationFailed + other.ValidationFailed,
        TransformationSucceeded = to.TransformationSucceeded + other.TransformationSucceeded,
        TransformationFailed = to.TransformationFailed + other.TransformationFailed,
    };
}
