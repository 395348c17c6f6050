using Emqx.Broker.Collections;
using Emqx.Broker.Messages;
using Emqx.Broker.Modules.Memory;
using Emqx.Broker.Protocol;
using Emqx.Broker.Settings;
using Emqx.Broker.Timing;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Modules.Delayed;

/// <summary>
/// The messages that wait, in the order in which they are due, within the limits of <see cref="DelayedSettings"/> and of the memory. One
/// timer, set to the first of them; many that are due at once leave in slices, with room for others in between.
/// </summary>
internal sealed class DelayedQueue : IDisposable
{
    /// <summary>Of the memory that the process may use: so much may wait.</summary>
    public const double MostMemory = 0.25;

    /// <summary>Messages that are taken and flushed together.</summary>
    private const int Batch = 64;

    /// <summary>Messages that leave in one go.</summary>
    private const int Slice = 1024;

    /// <summary>Milliseconds after which a slice ends in any case: a message may have many receivers.</summary>
    private const int SliceTime = 8;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_longestWait = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly SettingsRoot<DelayedSettings> _settings;
    private readonly DelayedJournal _journal;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly Dictionary<MessageId, DelayedMessage> _byId = [];
    private readonly SortedChunks<DelayedMessage, (long ExpectedAt, MessageId Id), DelayedOrder> _due = new();
    private readonly long _mostBytes;
    private long _bytes;
    private bool _isTelling;

    public DelayedQueue(SettingsRoot<DelayedSettings> settings, DelayedJournal journal, IHeap heap, TimeProvider time, ILogger<DelayedQueue> logger)
    {
        (_settings, _journal, _time, _logger) = (settings, journal, time, logger);
        _mostBytes = heap.Available > 0 ? (long)(heap.Available * MostMemory) : long.MaxValue;
        _timer = time.CreateTimer(static self => ((DelayedQueue)self!).TellDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        settings.Changed += OnSettingsChanged;
    }

    /// <summary>Told of each message when it is due, on the timer's thread, outside of any lock.</summary>
    public Action<Message> Due { get; set; } = static _ => { };

    /// <summary>Whether messages may wait at all.</summary>
    public bool IsEnabled => _settings.Current.Enable;

    /// <summary>How many messages wait.</summary>
    public int Count => _due.Count;

    /// <summary>Lets a message wait, if there is room for it.</summary>
    /// <param name="message">What is to wait.</param>
    /// <param name="kept">Completes when it would outlive the process; fails where it cannot be stored.</param>
    public DelayedOutcome Add(DelayedMessage message, out Task kept)
    {
        kept = Task.CompletedTask;
        lock (_gate)
        {
            var settings = _settings.Current;
            if (!settings.Enable)
                return DelayedOutcome.Off;
            if (settings.MaxDelayedMessages > 0 && _byId.Count >= settings.MaxDelayedMessages)
                return DelayedOutcome.TooMany;
            if (_bytes + message.Size > _mostBytes)
                return DelayedOutcome.NoMemory;
            if (!TryPut(message))
                return DelayedOutcome.TooMany;
            if (message.Place != 0)
                kept = _journal.Add(message);
            if (ReferenceEquals(_due.First, message) && !_isTelling)
                Schedule(TimeSpan.Zero);
            return DelayedOutcome.Waits;
        }
    }

    /// <summary>Lets messages wait that the store has kept. They leave after <see cref="Start"/>.</summary>
    public void Restore(IEnumerable<DelayedMessage> messages)
    {
        lock (_gate)
        {
            foreach (var message in messages)
                TryPut(message);
        }
    }

    /// <summary>From now on what is restored leaves when it is due.</summary>
    public void Start()
    {
        lock (_gate)
            Schedule(TimeSpan.Zero);
    }

    /// <summary>Copies a page of the waiting messages, the last due first, as EMQX lists them; gives their number.</summary>
    public int List(long skip, Span<DelayedMessage> into)
    {
        lock (_gate)
        {
            var end = _due.Count - skip;
            if (end <= 0)
                return 0;
            var start = Math.Max(0, end - into.Length);
            var page = into[..(int)(end - start)];
            page = page[.._due.Read(start, page)];
            page.Reverse();
            return page.Length;
        }
    }

    /// <summary>Every waiting message, the first due first, read piece by piece: what comes and goes meanwhile is there or not.</summary>
    public IEnumerable<DelayedMessage> All()
    {
        for (var piece = Next(null); piece.Length > 0; piece = Next(piece[^1]))
        {
            foreach (var message in piece)
                yield return message;
        }
    }

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
        {
            if (!_byId.TryGetValue(id, out var message))
                return false;
            Take(message);
            _journal.Remove(message);
            return true;
        }
    }

    /// <summary>Gives up all messages that wait for a topic name; gives their number.</summary>
    public int RemoveTopic(string topic)
    {
        var removed = 0;
        using var walk = _due.Scan();
        while (walk.TryNext(out var rows))
        {
            foreach (var row in rows)
            {
                if (row.Message.Topic == topic && Remove(row.Message.Id))
                    removed++;
            }
        }

        return removed;
    }

    /// <summary>Gives up all messages that wait.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            while (_due.First is { } first)
                _due.Remove(first);
            _byId.Clear();
            _bytes = 0;
            _journal.Clear();
        }
    }

    public void Dispose()
    {
        _settings.Changed -= OnSettingsChanged;
        _timer.Dispose();
    }

    private DelayedMessage[] Next(DelayedMessage? last)
    {
        using var walk = last is null ? _due.Scan() : _due.ScanFrom(DelayedOrder.KeyOf(last), inclusive: false);
        return walk.TryNext(out var rows) ? rows.ToArray() : [];
    }

    private bool TryPut(DelayedMessage message)
    {
        if (!_byId.TryAdd(message.Message.Id, message))
            return false;
        _due.Add(message, out _);
        _bytes += message.Size;
        return true;
    }

    private void Take(DelayedMessage message)
    {
        _due.Remove(message);
        _byId.Remove(message.Message.Id);
        _bytes -= message.Size;
    }

    /// <summary>A slice of what is due. One at a time: messages leave in order.</summary>
    private void TellDue()
    {
        lock (_gate)
        {
            if (_isTelling)
                return;
            _isTelling = true;
        }

        var batch = new DelayedMessage[Batch];
        var end = _time.SteadyMilliseconds() + SliceTime;
        int taken, told = 0;
        do
        {
            taken = TakeDue(batch);
            Tell(batch.AsSpan(0, taken));
            told += taken;
        }
        while (taken == Batch && told < Slice && _time.SteadyMilliseconds() < end);
        lock (_gate)
        {
            _isTelling = false;
            Schedule(s_pause);
        }
    }

    /// <summary>Published first and forgotten then: what is lost in between by the death of the process comes twice, and not never.</summary>
    private void Tell(ReadOnlySpan<DelayedMessage> due)
    {
        var flushes = FlushBatch.Begin();
        try
        {
            foreach (var one in due)
                Tell(one.Message);
        }
        finally
        {
            flushes.End();
        }

        foreach (var one in due)
            _journal.Remove(one);
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
        lock (_gate)
        {
            while (taken < batch.Length && _due.First is { } first && first.ExpectedAt <= now)
            {
                Take(first);
                batch[taken++] = first;
            }
        }

        return taken;
    }

    // Under the lock. A long wait is cut into days, which any timer can hold.
    private void Schedule(TimeSpan pause)
    {
        if (_due.First is not { } first)
            return;
        var wait = TimeSpan.FromMilliseconds(first.ExpectedAt - _time.GetUtcNow().ToUnixTimeMilliseconds());
        if (wait < pause)
            wait = pause;
        _timer.Change(wait < s_longestWait ? wait : s_longestWait, Timeout.InfiniteTimeSpan);
    }

    private void OnSettingsChanged(DelayedSettings old, DelayedSettings settings)
    {
        if (!settings.Enable)
            Clear();
    }
}
