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
    private SortedChunks<RetainedMessage, string, RetainedOrder> _list = new();

    public RetainedStore(SettingsRoot<RetainerSettings> settings, TimeProvider time)
    {
        (_settings, _time) = (settings, time);
        _clearTimer = time.CreateTimer(static store => ((RetainedStore)store!).ClearExpired(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        settings.Changed += OnSettingsChanged;
        Schedule(settings.Current);
    }

    /// <summary>How many messages are kept; expired ones count until they are cleared. 0 while disabled.</summary>
    public int Count => _settings.Current.Enable ? Volatile.Read(ref _list).Count : 0;

    /// <summary>
    /// Told of each message published with the retain flag: keeps it, or, where its payload is empty, clears its topic. False where
    /// the message is not to be delivered on.
    /// </summary>
    public bool Apply(Message message)
    {
        var settings = _settings.Current;
        if (!settings.Enable)
            return true;
        if (message.Payload.IsEmpty)
        {
            Remove(message.Topic);
            return !settings.StopPublishClearMsg;
        }

        if (message.Payload.Length <= settings.MaxPayloadSize)
            Put(new RetainedMessage(message, ExpiryOf(message, settings)), settings.MaxRetainedMessages);
        return true;
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

        var found = new List<RetainedMessage>();
        Volatile.Read(ref _tree).Match(filter.Topic, found);
        var now = Now();
        foreach (var message in found)
        {
            if (message.IsExpired(now))
                Remove(message);
            else
                into.Add(message.Message);
        }
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
                return message.Message;
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
            return message.Message;
        Remove(message);
        return null;
    }

    /// <summary>
    /// Copies a page of the messages, ascending by topic, expired ones left out; gives their number. A literal prefix of
    /// <paramref name="filter"/> bounds the search. Ask for one more than a page to know whether another follows.
    /// </summary>
    /// <param name="filter">A topic filter; null for all.</param>
    public int List(string? filter, long skip, Span<Message> into)
    {
        if (Count == 0 || into.IsEmpty)
            return 0;
        if (filter is not null && filter.AsSpan().IndexOfAny('+', '#') < 0)
            return ListOne(filter, skip, into);
        var list = Volatile.Read(ref _list);
        var prefix = TopicLevels.LiteralPrefix(filter);
        var now = Now();
        var copied = 0;
        using var walk = list.ScanFrom(prefix, inclusive: true);
        while (walk.TryNext(out var rows))
        {
            foreach (var row in rows)
            {
                if (!row.Topic.StartsWith(prefix, StringComparison.Ordinal))
                    return copied;
                if (row.IsExpired(now) || (filter is not null && !TopicMatcher.Matches(row.Topic, filter)) || skip-- > 0)
                    continue;
                into[copied++] = row.Message;
                if (copied == into.Length)
                    return copied;
            }
        }

        return copied;
    }

    /// <summary>Forgets all messages that a filter selects; gives their number.</summary>
    public int RemoveMatching(TopicFilter filter)
    {
        if (!_settings.Current.Enable)
            return 0;
        if (!filter.IsWildcard)
            return Remove(filter.Topic) ? 1 : 0;
        var found = new List<RetainedMessage>();
        Volatile.Read(ref _tree).Match(filter.Topic, found);
        var removed = 0;
        foreach (var message in found)
            removed += Remove(message) ? 1 : 0;
        return removed;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            Volatile.Write(ref _tree, new RetainedTree());
            Volatile.Write(ref _list, new SortedChunks<RetainedMessage, string, RetainedOrder>());
        }
    }

    /// <summary>Forgets what has expired.</summary>
    public void ClearExpired()
    {
        var now = Now();
        using var walk = Volatile.Read(ref _list).Scan();
        while (walk.TryNext(out var rows))
            foreach (var row in rows)
                if (row.IsExpired(now))
                    Remove(row);
    }

    public void Dispose()
    {
        _settings.Changed -= OnSettingsChanged;
        _clearTimer.Dispose();
    }

    private int ListOne(string topic, long skip, Span<Message> into)
    {
        if (skip > 0 || Find(topic) is not { } message)
            return 0;
        into[0] = message;
        return 1;
    }

    private static long ExpiryOf(Message message, RetainerSettings settings)
    {
        var own = message.ExpiresAt != 0 || settings.MsgExpiryInterval == 0
            ? message.ExpiresAt
            : message.PublishedAt + settings.MsgExpiryInterval;
        var isOverridden = settings.MsgExpiryIntervalOverride >= 0 && (own != 0 || !settings.AllowNeverExpire);
        return isOverridden ? message.PublishedAt + settings.MsgExpiryIntervalOverride : own;
    }

    private void Put(RetainedMessage message, int limit)
    {
        lock (_gate)
        {
            if (limit > 0 && _list.Count >= limit && _tree.Find(message.Topic) is null)
                return;
            _tree.Put(message);
            _list.Add(message, out _);
        }
    }

    private bool Remove(string topic)
    {
        lock (_gate)
            return _tree.Find(topic) is { } message && Drop(message) && !message.IsExpired(Now());
    }

    private bool Remove(RetainedMessage message)
    {
        lock (_gate)
            return Drop(message);
    }

    // Only this very message: a newer one of the same topic stays.
    private bool Drop(RetainedMessage message)
    {
        if (!_list.Remove(message))
            return false;
        _tree.Remove(message.Topic);
        return true;
    }

    private void OnSettingsChanged(RetainerSettings old, RetainerSettings settings)
    {
        if (old.MsgClearInterval != settings.MsgClearInterval)
            Schedule(settings);
    }

    private void Schedule(RetainerSettings settings)
    {
        var interval = settings.MsgClearInterval > 0 ? TimeSpan.FromMilliseconds(settings.MsgClearInterval) : Timeout.InfiniteTimeSpan;
        _clearTimer.Change(interval, interval);
    }

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();
}
