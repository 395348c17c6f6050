using Emqx.Broker.Cluster;
using Emqx.Broker.Hooks;
using Emqx.Broker.Monitoring;
using Emqx.Broker.Settings;
using Emqx.Broker.Storage;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Modules.Alarms;

/// <summary>The alarms of this node. What is active when the node stops counts as past after the restart.</summary>
internal sealed class AlarmList(IAlarmStore store, SettingsRoot<AlarmSettings> settings, AlarmTopics topics, NodeIdentity identity,
    TimeProvider time, ILogger<AlarmList> logger) : IAlarmDirectory, IAlarmControl, INodeModule, IDisposable
{
    private const long PurgePeriod = 60_000;
    private readonly OneAtATime _writing = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, StoredAlarm> _active = new(StringComparer.Ordinal);

    /// <summary>Oldest first.</summary>
    private readonly List<StoredAlarm> _past = [];
    private long _lastId;
    private long _nextPurge;

    public async ValueTask LoadAsync(CancellationToken cancellation)
    {
        foreach (var alarm in await store.LoadAsync(cancellation).ConfigureAwait(false))
        {
            _lastId = Math.Max(_lastId, alarm.Id);
            var past = alarm;
            if (alarm.DeactivatedAt is null)
            {
                past = alarm with { DeactivatedAt = Now() };
                await store.SaveAsync(past, CancellationToken.None).ConfigureAwait(false);
            }

            lock (_gate)
                _past.Add(past);
        }

        lock (_gate)
            _past.Sort((one, other) => one.ActivatedAt.CompareTo(other.ActivatedAt));
    }

    public ValueTask<IReadOnlyList<StoredAlarm>> ListAsync(bool active, CancellationToken cancellation)
    {
        List<StoredAlarm> found;
        lock (_gate)
            found = active ? [.. _active.Values.OrderBy(alarm => alarm.ActivatedAt)] : [.. _past];
        found.Reverse();
        return new(found);
    }

    public async ValueTask<bool> ActivateAsync(string name, string details, string message, CancellationToken cancellation)
    {
        StoredAlarm alarm;
        using (await _writing.TakeAsync(cancellation).ConfigureAwait(false))
        {
            lock (_gate)
                if (_active.ContainsKey(name))
                    return false;
            alarm = new StoredAlarm(++_lastId, identity.Name, name, message, details, Now(), DeactivatedAt: null);
            await store.SaveAsync(alarm, CancellationToken.None).ConfigureAwait(false);
            lock (_gate)
                _active[name] = alarm;
        }

        if (settings.Current.Log)
            MonitoringLog.AlarmActivated(logger, name, message);
        if (settings.Current.Publish)
            topics.Activated(alarm);
        return true;
    }

    public async ValueTask<bool> DeactivateAsync(string name, CancellationToken cancellation)
    {
        StoredAlarm? past;
        using (await _writing.TakeAsync(cancellation).ConfigureAwait(false))
        {
            lock (_gate)
                if (!_active.TryGetValue(name, out past))
                    return false;
            past = past with { DeactivatedAt = Now() };
            await store.SaveAsync(past, CancellationToken.None).ConfigureAwait(false);
            lock (_gate)
            {
                _active.Remove(name);
                _past.Insert(FirstNotBefore(past.ActivatedAt), past);
            }

            await TrimAsync(cancellation).ConfigureAwait(false);
        }

        if (settings.Current.Log)
            MonitoringLog.AlarmDeactivated(logger, name);
        if (settings.Current.Publish)
            topics.Deactivated(past);
        return true;
    }

    public async ValueTask ClearPastAsync(CancellationToken cancellation)
    {
        using var turn = await _writing.TakeAsync(cancellation).ConfigureAwait(false);
        await store.ClearPastAsync(CancellationToken.None).ConfigureAwait(false);
        lock (_gate)
            _past.Clear();
    }

    public async ValueTask TickAsync(long now, CancellationToken cancellation)
    {
        if (now < _nextPurge)
            return;
        _nextPurge = now + PurgePeriod;
        using var turn = await _writing.TakeAsync(cancellation).ConfigureAwait(false);
        await TrimAsync(cancellation).ConfigureAwait(false);
    }

    public async ValueTask ResetAsync(CancellationToken cancellation)
    {
        using var turn = await _writing.TakeAsync(cancellation).ConfigureAwait(false);
        List<long> gone;
        lock (_gate)
            gone = [.. _active.Values.Select(alarm => alarm.Id)];
        await store.DeleteAsync(gone, CancellationToken.None).ConfigureAwait(false);
        await store.ClearPastAsync(CancellationToken.None).ConfigureAwait(false);
        lock (_gate)
        {
            _active.Clear();
            _past.Clear();
        }
    }

    public void Dispose() => _writing.Dispose();

    /// <summary>Unix microseconds.</summary>
    private long Now() => (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private int FirstNotBefore(long activatedAt)
    {
        var at = _past.Count;
        while (at > 0 && _past[at - 1].ActivatedAt > activatedAt)
            at--;
        return at;
    }

    /// <summary>Forgets past alarms over the limit, the oldest first, and those that are too old.</summary>
    private async ValueTask TrimAsync(CancellationToken cancellation)
    {
        var oldest = Now() - settings.Current.ValidityPeriod * 1000;
        List<long> gone = [];
        lock (_gate)
        {
            var over = Math.Max(0, _past.Count - settings.Current.SizeLimit);
            for (var i = 0; i < _past.Count; i++)
                if (i < over || _past[i].ActivatedAt <= oldest)
                    gone.Add(_past[i].Id);
        }

        if (gone.Count == 0)
            return;
        await store.DeleteAsync(gone, CancellationToken.None).ConfigureAwait(false);
        var ids = gone.ToHashSet();
        lock (_gate)
            _past.RemoveAll(alarm => ids.Contains(alarm.Id));
    }
}
