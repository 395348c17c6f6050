using Emqx.Broker.Hooks;
using Emqx.Broker.Monitoring;
using Emqx.Broker.Routing;
using Emqx.Broker.Settings;
using Microsoft.Extensions.Hosting;

namespace Emqx.Broker.Messages.Delayed;

/// <summary>
/// Delayed publishing: takes messages to <c>$delayed/SECONDS/TOPIC</c> off the message.publish hook, keeps them in the order in which
/// they are due and publishes them then. One timer, set to the first of them.
/// </summary>
internal sealed class DelayedMessages : IHostedService, IDisposable
{
    /// <summary>Later than rewriting, earlier than what looks at messages on their way to subscribers.</summary>
    private const int HookPriority = 50;

    private const int Batch = 64;

    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly SettingsRoot<DelayedSettings> _settings;
    private readonly BrokerHooks _hooks;
    private readonly IMessagePublisher _publisher;
    private readonly Counters _counters;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Dictionary<MessageId, DelayedMessage> _byId = [];
    private readonly SortedChunks<DelayedMessage, (long ExpectedAt, MessageId Id), DelayedOrder> _due = new();
    private IDisposable? _registration;

    public DelayedMessages(SettingsRoot<DelayedSettings> settings, BrokerHooks hooks, IMessagePublisher publisher, Counters counters, TimeProvider time)
    {
        (_settings, _hooks, _publisher, _counters, _time) = (settings, hooks, publisher, counters, time);
        _timer = time.CreateTimer(static self => ((DelayedMessages)self!).PublishDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many messages wait.</summary>
    public int Count => _due.Count;

    /// <summary>Begins to take messages in.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _registration = _hooks.MessagePublish.Add(OnPublish, HookPriority);
        _settings.Changed += OnSettingsChanged;
        return Task.CompletedTask;
    }

    /// <summary>Takes no more in and publishes no more.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
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
        _registration?.Dispose();
        _timer.Dispose();
    }

    private HookResult OnPublish(PublishAttempt attempt)
    {
        var message = attempt.Message;
        if (!DelayedTopic.IsDelayed(message.Topic))
            return HookResult.Continue;
        var settings = _settings.Current;
        if (!settings.Enable || !DelayedTopic.TryParse(message.Topic, message.PublishedAt, out var seconds, out var topic))
            return HookResult.Continue;

        Keep(new DelayedMessage(message.WithTopic(topic), message.PublishedAt + seconds * 1000, seconds), settings.MaxDelayedMessages);
        attempt.Stopped = true;
        return HookResult.Stop;
    }

    private void Keep(DelayedMessage message, int limit)
    {
        lock (_gate)
        {
            if ((limit > 0 && _byId.Count >= limit) || !_byId.TryAdd(message.Message.Id, message))
                return;
            _due.Add(message, out _);
            if (ReferenceEquals(_due.First, message))
                Schedule();
        }

        _counters.Increment(Metric.MessagesDelayed);
    }

    // Called by the timer. Publishing is done outside of the lock, since a hook may delay a message again.
    private void PublishDue()
    {
        var batch = new DelayedMessage[Batch];
        int taken;
        do
        {
            lock (_gate)
                taken = TakeDue(batch);
            for (var i = 0; i < taken; i++)
                _publisher.Publish(batch[i].Message);
        }
        while (taken == Batch);
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
        _timer.Change(wait < LongestWait ? wait : LongestWait, Timeout.InfiniteTimeSpan);
    }

    private void OnSettingsChanged(DelayedSettings old, DelayedSettings settings)
    {
        if (!settings.Enable)
            Clear();
    }

    private void Clear()
    {
        lock (_gate)
        {
            while (_due.First is { } first)
                _due.Remove(first);
            _byId.Clear();
        }
    }
}
