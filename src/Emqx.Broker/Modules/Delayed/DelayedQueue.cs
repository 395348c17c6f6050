using Emqx.Broker.Collections;
using Emqx.Broker.Protocol;
using Emqx.Broker.Settings;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Modules.Delayed;

/// <summary>
/// The messages that wait, in the order in which they are due, within the limits of <see cref="DelayedSettings"/>. One timer, set to
/// the first of them.
/// </summary>
internal sealed class DelayedQueue : IDisposable
{
    private const int Batch = 64;

    private static readonly TimeSpan s_longestWait = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly SettingsRoot<DelayedSettings> _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly Dictionary<MessageId, DelayedMessage> _byId = [];
    private readonly SortedChunks<DelayedMessage, (long ExpectedAt, MessageId Id), DelayedOrder> _due = new();

    public DelayedQueue(SettingsRoot<DelayedSettings> settings, TimeProvider time, ILogger<DelayedQueue> logger)
    {
        (_settings, _time, _logger) = (settings, time, logger);
        _timer = time.CreateTimer(static self => ((DelayedQueue)self!).TellDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        settings.Changed += OnSettingsChanged;
    }

    /// <summary>Told of each message when it is due, on the timer's thread, outside of any lock.</summary>
    public Action<Message> Due { get; set; } = static _ => { };

    /// <summary>Whether messages may wait at all.</summary>
    public bool IsEnabled => _settings.Current.Enable;

    /// <summary>How many messages wait.</summary>
    public int Count => _due.Count;

    /// <summary>Lets a message wait. False where there are too many.</summary>
    public bool Add(DelayedMessage message)
    {
        var limit = _settings.Current.MaxDelayedMessages;
        lock (_gate)
        {
            if ((limit > 0 && _byId.Count >= limit) || !_byId.TryAdd(message.Message.Id, message))
                return false;
            _due.Add(message, out _);
            if (ReferenceEquals(_due.First, message))
                Schedule();
            return true;
        }
    }

    /// <summary>Copies a page of the waiting messages, the next due first; gives their number.</summary>
    public int List(long skip, Span<DelayedMessage> into) => _due.Read(skip, into);

    /// <summary>The waiting message of this id; null where there is none.</summary>
    public DelayedMessage? Find(MessageId id)
    {
        lock (_gate)
            return _byId.GetValueOrDefault(id);
    }

    /// <summary>Gives a waiting message up. False where there is none of this id.</summary>
    public bool Remove(MessageId id)
    {
        lock (_gate)
            return _byId.Remove(id, out var message) && _due.Remove(message);
    }

    /// <summary>Gives up all messages that wait for a topic name; gives their number.</summary>
    public int RemoveTopic(string topic)
    {
        var removed = 0;
        using var walk = _due.Scan();
        while (walk.TryNext(out var rows))
            foreach (var row in rows)
                if (row.Message.Topic == topic && Remove(row.Message.Id))
                    removed++;
        return removed;
    }

    public void Dispose()
    {
        _settings.Changed -= OnSettingsChanged;
        _timer.Dispose();
    }

    private void TellDue()
    {
        var batch = new DelayedMessage[Batch];
        int taken;
        do
        {
            lock (_gate)
                taken = TakeDue(batch);
            for (var i = 0; i < taken; i++)
                Tell(batch[i].Message);
        }
        while (taken == Batch);
    }

    private void Tell(Message message)
    {
        try
        {
            Due(message);
        }
        catch (Exception error) // On the timer's thread an exception would end the process.
        {
            DelayedLog.NotPublished(_logger, message.Topic, error);
        }
    }

    private int TakeDue(DelayedMessage[] batch)
    {
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var taken = 0;
        while (taken < batch.Length && _due.First is { } first && first.ExpectedAt <= now)
        {
            _due.Remove(first);
            _byId.Remove(first.Message.Id);
            batch[taken++] = first;
        }

        if (taken < batch.Length)
            Schedule();
        return taken;
    }

    // Under the lock. A long wait is cut into days, which any timer can hold.
    private void Schedule()
    {
        if (_due.First is not { } first)
            return;
        var wait = TimeSpan.FromMilliseconds(Math.Max(0, first.ExpectedAt - _time.GetUtcNow().ToUnixTimeMilliseconds()));
        _timer.Change(wait < s_longestWait ? wait : s_longestWait, Timeout.InfiniteTimeSpan);
    }

    private void OnSettingsChanged(DelayedSettings old, DelayedSettings settings)
    {
        if (!settings.Enable)
            Clear();
    }

    /// <summary>Gives up all messages that wait.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            while (_due.First is { } first)
                _due.Remove(first);
            _byId.Clear();
        }
    }
}
