using Emqx.Broker.Cluster;
using Emqx.Broker.Hooks;
using Emqx.Broker.Metrics;
using Emqx.Broker.Storage;

namespace Emqx.Broker.Monitoring;

/// <summary>
/// Looks at the counters and gauges every ten seconds, on the full ten so that nodes agree, and keeps the samples for
/// seven days, the older the fewer.
/// </summary>
internal sealed class MonitorSampler(Stats stats, Counters counters, IMonitorSampleStore store, NodeIdentity identity, TimeProvider time)
    : INodeModule, IMonitorDirectory
{
    private const long Period = 10 * MonitorSeries.Second;
    private readonly Lock _gate = new();
    private readonly List<StoredMonitorSample> _samples = [];
    private long _nextSample = NextBoundary(time.GetUtcNow().ToUnixTimeMilliseconds());
    private long _nextThinning = time.GetUtcNow().ToUnixTimeMilliseconds() + MonitorSeries.Hour;
    private Reading? _last, _beforeLast;

    /// <summary>The counters at a moment.</summary>
    /// <param name="At">When they were read, in ticks of the clock that never jumps.</param>
    private sealed record Reading(long At, long Received, long Sent, long Dropped, long Persisted, long ValidationSucceeded, long ValidationFailed,
        long TransformationSucceeded, long TransformationFailed);

    /// <summary>Takes over what the last run has left.</summary>
    public async ValueTask LoadAsync(CancellationToken cancellation)
    {
        var kept = await store.LoadAsync(Now() - MonitorSeries.Retention, cancellation).ConfigureAwait(false);
        lock (_gate)
            _samples.InsertRange(0, kept);
    }

    public async ValueTask TickAsync(long now, CancellationToken cancellation)
    {
        if (now >= _nextSample)
        {
            Sample(now - now % Period);
            _nextSample = NextBoundary(now);
        }

        if (now >= _nextThinning)
        {
            _nextThinning = now + MonitorSeries.Hour;
            await ThinAsync(now, cancellation).ConfigureAwait(false);
        }
    }

    public ValueTask<IReadOnlyList<MonitorPoint>?> ListAsync(string? node, long? latest, CancellationToken cancellation)
    {
        if (node is not null && node != identity.Name)
            return new((IReadOnlyList<MonitorPoint>?)null);
        var since = latest is { } seconds ? Now() - Math.Min(seconds, MonitorSeries.Retention / 1000) * 1000 : 0;
        List<StoredMonitorSample> found;
        lock (_gate)
        {
            var first = _samples.FindIndex(sample => sample.At >= since);
            found = first < 0 ? [] : _samples.GetRange(first, _samples.Count - first);
        }

        return new(MonitorSeries.FillGaps(MonitorSeries.DownSample(found, since), since));
    }

    public ValueTask<MonitorRates?> CurrentAsync(string? node, CancellationToken cancellation)
    {
        if (node is not null && node != identity.Name)
            return new((MonitorRates?)null);
        var now = Read();
        Reading? last;
        lock (_gate)
            last = _last?.At < now.At ? _last : _beforeLast;
        var gauges = stats.ReadGauges();
        var uptime = Now() - identity.StartedAt;
        if (last is null)
            return new(new MonitorRates(gauges, 0, 0, 0, 0, 0, 0, 0, 0, uptime));
        var delta = Minus(now, last);
        var passed = time.GetElapsedTime(last.At, now.At).TotalSeconds;
        return new(new MonitorRates(gauges, Rate(delta.Received), Rate(delta.Sent), Rate(delta.Dropped), Rate(delta.Persisted),
            Rate(delta.ValidationSucceeded), Rate(delta.ValidationFailed), Rate(delta.TransformationSucceeded), Rate(delta.TransformationFailed),
            uptime));

        long Rate(long count) => (long)Math.Round(count / passed, MidpointRounding.AwayFromZero);
    }

    public async ValueTask ClearAsync(CancellationToken cancellation)
    {
        lock (_gate)
            _samples.Clear();
        await store.ClearAsync(cancellation).ConfigureAwait(false);
    }

    public async ValueTask ResetAsync(CancellationToken cancellation)
    {
        await ClearAsync(cancellation).ConfigureAwait(false);
        lock (_gate)
            _last = _beforeLast = null;
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    private static long NextBoundary(long now) => now - now % Period + Period;

    private void Sample(long at)
    {
        var now = Read();
        var gauges = stats.ReadGauges();
        StoredMonitorSample sample;
        lock (_gate)
        {
            var delta = _last is null ? now : Minus(now, _last);
            (_beforeLast, _last) = (_last, now);
            sample = new StoredMonitorSample(at)
            {
                Received = delta.Received, Sent = delta.Sent, Dropped = delta.Dropped, Persisted = delta.Persisted,
                ValidationSucceeded = delta.ValidationSucceeded, ValidationFailed = delta.ValidationFailed,
                TransformationSucceeded = delta.TransformationSucceeded, TransformationFailed = delta.TransformationFailed,
                Connections = gauges.Sessions, LiveConnections = gauges.LiveConnections, Subscriptions = gauges.Subscriptions,
                SubscriptionsRam = gauges.Subscriptions, Topics = gauges.Topics,
            };
            if (_samples.Count > 0 && _samples[^1].At >= at)
                return; // The clock was put back: the series must stay in order.
            _samples.Add(sample);
        }

        store.Append(sample);
    }

    private async ValueTask ThinAsync(long now, CancellationToken cancellation)
    {
        List<long> removed;
        List<StoredMonitorSample> added;
        lock (_gate)
        {
            _samples.RemoveAll(sample => sample.At < now - MonitorSeries.Retention);
            (removed, added) = MonitorSeries.Thin(_samples, now);
            var gone = removed.ToHashSet();
            _samples.RemoveAll(sample => gone.Contains(sample.At));
            _samples.AddRange(added);
            _samples.Sort((one, other) => one.At.CompareTo(other.At));
        }

        await store.DeleteBeforeAsync(now - MonitorSeries.Retention, cancellation).ConfigureAwait(false);
        if (removed.Count > 0)
            await store.ReplaceAsync(removed, added, cancellation).ConfigureAwait(false);
    }

    private Reading Read()
    {
        var values = MetricsSnapshot.Of(counters);
        return new Reading(time.GetTimestamp(), values[Metric.MessagesReceived], values[Metric.MessagesSent], values[Metric.MessagesDropped],
            values[Metric.MessagesPersisted], values[Metric.MessagesValidationSucceeded], values[Metric.MessagesValidationFailed],
            values[Metric.MessagesTransformationSucceeded], values[Metric.MessagesTransformationFailed]);
    }

    private static Reading Minus(Reading one, Reading other) => new(one.At, one.Received - other.Received, one.Sent - other.Sent,
        one.Dropped - other.Dropped, one.Persisted - other.Persisted, one.ValidationSucceeded - other.ValidationSucceeded,
        one.ValidationFailed - other.ValidationFailed, one.TransformationSucceeded - other.TransformationSucceeded,
        one.TransformationFailed - other.TransformationFailed);
}
