using Emqx.Broker.Hooks;
using Emqx.Broker.Messages;
using Emqx.Broker.Metrics;
using Emqx.Broker.Modules.Bans;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Modules.Delayed;

/// <summary>
/// Delayed publishing: takes messages to <c>$delayed/SECONDS/TOPIC</c> off the message.publish hook, and publishes them when they are
/// due, unless their sender is banned by then. A publisher that is owed an acknowledgement gets it when its message is on disk.
/// </summary>
internal sealed class DelayedMessages(DelayedQueue queue, DelayedJournal journal, IMessagePublisher publisher, BanList bans, Counters counters) : INodeModule
{
    public void Attach(BrokerHooks hooks)
    {
        queue.Due = OnDue;
        hooks.AuthorizedTopic.Add(DelayedTopic.RealTopic);
        hooks.MessagePublish.Add(OnPublish, Concerns, HookPriority.Delayed);
    }

    public async ValueTask LoadAsync(CancellationToken cancellation)
    {
        var stored = await journal.LoadAsync(cancellation).ConfigureAwait(false);
        if (queue.IsEnabled)
            queue.Restore(stored.Select(DelayedMessage.FromStored));
        else if (stored.Count > 0)
            journal.Clear(); // turning it off deletes what waits, wherever it was turned off
    }

    public Task RunAsync(CancellationToken cancellation)
    {
        queue.Start();
        return journal.RunAsync(cancellation);
    }

    public async ValueTask ResetAsync(CancellationToken cancellation)
    {
        queue.Clear();
        await journal.SettledAsync().WaitAsync(cancellation).ConfigureAwait(false);
    }

    public void ReadGauges(ref NodeGauges gauges) => gauges.Delayed = queue.Count;

    private bool Concerns(PublishAttempt attempt) => DelayedTopic.IsDelayed(attempt.Message.Topic) && queue.IsEnabled;

    private ValueTask<HookResult> OnPublish(PublishAttempt attempt, CancellationToken cancellation)
    {
        var message = attempt.Message;
        if (!DelayedTopic.TryParse(message.Topic, message.PublishedAt, out var expectedAt, out var seconds, out var topic))
            return new(HookResult.Continue);

        var place = expectedAt > message.PublishedAt ? journal.NextPlace() : 0;
        var delayed = new DelayedMessage(message.WithTopic(topic), expectedAt, seconds, place);
        var outcome = queue.Add(delayed, out var kept);
        if (outcome == DelayedOutcome.Off)
            return new(HookResult.Continue);

        attempt.Stopped = true;
        attempt.ReasonCode = outcome == DelayedOutcome.NoMemory ? ReasonCode.QuotaExceeded : ReasonCode.NoMatchingSubscribers; // nobody has it yet, as EMQX says
        if (outcome == DelayedOutcome.Waits)
            counters.Increment(Metric.MessagesDelayed);
        var isPromised = message.Qos > 0 || message.From == ApiPublisher.From;
        return isPromised && !kept.IsCompletedSuccessfully ? KeepAsync(attempt, delayed, kept, cancellation) : new(HookResult.Stop);
    }

    private async ValueTask<HookResult> KeepAsync(PublishAttempt attempt, DelayedMessage delayed, Task kept, CancellationToken cancellation)
    {
        try
        {
            await kept.ConfigureAwait(false);
        }
        catch (Exception) // It is logged where it happened; here the publisher is told.
        {
            queue.Remove(delayed.Message.Id);
            if (!cancellation.IsCancellationRequested)
                attempt.ReasonCode = ReasonCode.UnspecifiedError;
        }

        return HookResult.Stop;
    }

    private void OnDue(Message message)
    {
        if (!bans.IsBanned(message.From))
            publisher.Publish(message);
    }
}
