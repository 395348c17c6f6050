using Emqx.Broker.Collections;
using Emqx.Broker.Protocol;
using Emqx.Broker.Settings;

namespace Emqx.Broker.Modules.Retainer;

/// <summary>
/// The retained messages (MQTT 5, 3.3.1.3), one a topic, within the limits of <see cref="RetainerSettings"/>: in a tree for filters
/// and in a sorted list for pages. Expired ones are never given out; they go when they are met or at the clear interval.
/// </summary>
internal sealed class RetainedStore : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SettingsRoot<RetainerSettings> _settings;
    private readonly TimeProvider _time;
    private readonly ITimer _clearTimer;
    private RetainedTree _tree = new();
    private SortedChunks<RetainedMessage, RetainedMessage, RetainedOrder> _list = new();
    private RetainedJournal? _journal;

    public RetainedStore(SettingsRoot<RetainerSettings> settings, TimeProvider time)
    {
        (_settings, _time) = (settings, time);
        _clearTimer = time.CreateTimer(static store => ((RetainedStore)store!).ClearExpired(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        settings.Changed += OnSettingsChanged;
        Schedule(settings.Current);
    }

    /// <summary>How many messages are kept; expired ones count until they are cleared. 0 while disabled.</summary>
    public int Count => _settings.Current.Enable ? Volatile.Read(ref _list).Count : 0;

    /// <summary>Takes a message published with the retain flag: keeps it, or, where its payload is empty, clears its topic.</summary>
    public void Apply(Message message)
    {
        var settings = _settings.Current;
        if (!settings.Enable)
            return;
        if (message.Payload.IsEmpty)
            Remove(message.Topic);
        else if (settings.MaxPayloadSize == 0 || message.Payload.Length <= settings.MaxPayloadSize)
            Put(message.Topic, new RetainedMessage(message, ExpiryOf(message, settings)), settings.MaxRetainedMessages, isNoted: true);
    }

    /// <summary>Whether a message published with the retain flag is delivered on: one that clears a topic need not be.</summary>
    public bool LetsOn(Message message) => !message.Payload.IsEmpty || _settings.Current is not { Enable: true, StopPublishClearMsg: true };

    /// <summary>Takes over what storage has kept.</summary>
    public void Restore(RetainedMessage message)
    {
        if (message.IsExpired(Now()))
            Note(message.Topic, null);
        else
            Put(message.Topic, message, limit: 0, isNoted: false);
    }

    /// <summary>Takes over a message of a backup, in place of the one of its topic.</summary>
    public void Import(RetainedMessage message)
    {
        if (!message.IsExpired(Now()))
            Put(message.Topic, message, _settings.Current.MaxRetainedMessages, isNoted: true);
    }

    /// <summary>Every message, expired ones left out, in the order in which they were published.</summary>
    public List<RetainedMessage> All()
    {
        var list = Volatile.Read(ref _list);
        var all = new List<RetainedMessage>(list.Count);
        var now = Now();
        using var walk = list.Scan();
        while (walk.TryNext(out var rows))
        {
            foreach (var row in rows)
            {
                if (!row.IsExpired(now))
                    all.Add(row);
            }
        }

        return all;
    }

    /// <summary>From here on changes are noted in a journal.</summary>
    public void NoteIn(RetainedJournal journal)
    {
        lock (_gate)
            _journal = journal;
    }

    /// <summary>Forgets everything, in storage too; <paramref name="isNoted"/> says whether what comes then is noted in the journal.</summary>
    public void BeginAnew(RetainedJournal journal, bool isNoted)
    {
        lock (_gate)
        {
            _journal = journal;
            Clear();
            _journal = isNoted ? journal : null;
        }
    }

    /// <summary>Appends the messages that a new subscription gets: none for a shared one.</summary>
    public void Match(TopicFilter filter, List<Message> into)
    {
        if (filter.Group is not null || Count == 0)
            return;
        if (!filter.IsWildcard)
        {
            if (Find(filter.Topic) is { } only)
                into.Add(only);
            return;
        }

        var walk = Walk(filter.Topic);
        var budget = int.MaxValue;
        while (Next(walk, ref budget) is { } message)
            into.Add(message);
    }

    /// <summary>A walk through the messages that a filter with wildcards selects.</summary>
    public RetainedWalk Walk(string filter) => new(Volatile.Read(ref _tree), filter);

    /// <summary>The next message of a walk, within its budget; expired ones are cleared away. Once all have been forgotten the walk is over.</summary>
    public Message? Next(RetainedWalk walk, ref int budget)
    {
        if (!walk.IsIn(Volatile.Read(ref _tree)))
            walk.End();
        while (_settings.Current.Enable && walk.Next(ref budget) is { } message)
        {
            if (!message.IsExpired(Now()))
                return message.ToMessage();
            Remove(message);
        }

        return null;
    }

    /// <summary>The message of a topic name; null where there is none.</summary>
    public Message? Find(string topic)
    {
        if (!_settings.Current.Enable || Volatile.Read(ref _tree).Find(topic) is not { } message)
            return null;
        if (!message.IsExpired(Now()))
            return message.ToMessage();
        Remove(message);
        return null;
    }

    /// <summary>
    /// Copies a page of the messages, in the order in which they were published, expired ones left out; gives their number. Ask for one
    /// more than a page to know whether another follows.
    /// </summary>
    /// <param name="filter">A topic name or filter; null for all.</param>
    public int List(string? filter, long skip, Span<Message> into)
    {
        if (Count == 0 || into.IsEmpty)
            return 0;
        var pages = new RetainedPages(Volatile.Read(ref _list), Volatile.Read(ref _tree), Now());
        if (filter is null)
            return pages.All(skip, into);
        if (IsWildcard(filter))
            return pages.Matching(filter, skip, into);
        if (skip > 0 || Find(filter) is not { } only)
            return 0;
        into[0] = only;
        return 1;
    }

    /// <summary>Forgets all messages that a topic name or filter selects; gives how many of them had not expired.</summary>
    public int RemoveMatching(string filter)
    {
        if (!_settings.Current.Enable)
            return 0;
        if (!IsWildcard(filter))
            return Remove(filter) ? 1 : 0;
        var found = new List<RetainedMessage>();
        Volatile.Read(ref _tree).Match(filter, found);
        var now = Now();
        var removed = 0;
        foreach (var message in found)
            removed += Remove(message) && !message.IsExpired(now) ? 1 : 0;
        return removed;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            Volatile.Write(ref _tree, new RetainedTree());
            Volatile.Write(ref _list, new SortedChunks<RetainedMessage, RetainedMessage, RetainedOrder>());
            _journal?.Clear();
        }
    }

    /// <summary>Forgets what has expired, at most as many as the settings allow in one go.</summary>
    public void ClearExpired()
    {
        var now = Now();
        var left = _settings.Current.MsgClearLimit;
        using var walk = Volatile.Read(ref _list).Scan();
        while (left > 0 && walk.TryNext(out var rows))
        {
            if (walk.IsWhole && RetainedPages.FirstEnd(walk, rows) > now)
                continue;
            foreach (var row in rows)
            {
                if (row.IsExpired(now) && left-- > 0)
                    Remove(row);
            }
        }
    }

    public void Dispose()
    {
        _settings.Changed -= OnSettingsChanged;
        _clearTimer.Dispose();
    }

    private static bool IsWildcard(string filter) => filter.AsSpan().IndexOfAny('+', '#') >= 0;

    private static long ExpiryOf(Message message, RetainerSettings settings)
    {
        var own = message.ExpiresAt != 0 || settings.MsgExpiryInterval == 0
            ? message.ExpiresAt
            : After(message.PublishedAt, settings.MsgExpiryInterval);
        var isOverridden = settings.MsgExpiryIntervalOverride >= 0 && (own != 0 || !settings.AllowNeverExpire);
        return isOverridden ? After(message.PublishedAt, settings.MsgExpiryIntervalOverride) : own;
    }

    private static long After(long moment, long milliseconds) => milliseconds > long.MaxValue - moment ? long.MaxValue : moment + milliseconds;

    private void Put(string topic, RetainedMessage message, int limit, bool isNoted)
    {
        lock (_gate)
        {
            var old = _tree.Find(topic);
            if (old is null && limit > 0 && _list.Count >= limit)
                return;
            _tree.Put(topic, message);
            _list.Add(message, out var same);
            if (old is not null && !ReferenceEquals(old, same))
                _list.Remove(old);
            if (isNoted)
                Note(topic, message);
        }
    }

    private bool Remove(string topic)
    {
        lock (_gate)
            return _tree.Find(topic) is { } message && Drop(topic, message) && !message.IsExpired(Now());
    }

    private bool Remove(RetainedMessage message)
    {
        lock (_gate)
            return Drop(message.Topic, message);
    }

    // Only this very message: a newer one of the same topic stays.
    private bool Drop(string topic, RetainedMessage message)
    {
        if (!_list.Remove(message))
            return false;
        _tree.Remove(topic);
        Note(topic, null);
        return true;
    }

    // What the node says of itself is said anew at each start.
    private void Note(string topic, RetainedMessage? message)
    {
        if (_journal is not null && !topic.StartsWith("$SYS/brokers", StringComparison.Ordinal))
            _journal.Note(topic, message);
    }

    private void OnSettingsChanged(RetainerSettings old, RetainerSettings settings)
    {
        if (old.MsgClearInterval != settings.MsgClearInterval)
            Schedule(settings);
    }

    private void Schedule(RetainerSettings settings)
    {
        const long longest = uint.MaxValue - 1; // of a timer
        var interval = settings.MsgClearInterval > 0 ? TimeSpan.FromMilliseconds(Math.Min(settings.MsgClearInterval, longest)) : Timeout.InfiniteTimeSpan;
        _clearTimer.Change(interval, interval);
    }

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();
}
