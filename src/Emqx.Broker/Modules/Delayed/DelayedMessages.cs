using Emqx.Broker.Hooks;
using Emqx.Broker.Messages;
using Emqx.Broker.Metrics;
using Emqx.Broker.Modules.Bans;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Modules.Delayed;

/// <summary>
/// Delayed publishing: takes messages to <c>$delayed/SECONDS/TOPIC</c> off the message.publish hook, and publishes them when they are
/// due, unless their sender is banned by then.
/// </summary>
internal sealed class DelayedMessages(DelayedQueue queue, IMessagePublisher publisher, BanList bans, Counters counters) : INodeModule
{
    public void Attach(BrokerHooks hooks)
    {
        queue.Due = OnDue;
        hooks.AuthorizedTopic.Add(DelayedTopic.RealTopic);
        hooks.MessagePublish.Add(OnPublish, HookPriority.Delayed);
    }

    public ValueTask ResetAsync(CancellationToken cancellation)
    {
        queue.Clear();
        return ValueTask.CompletedTask;
    }

    public void ReadGauges(ref NodeGauges gauges) => gauges.Delayed = queue.Count;

    private HookResult OnPublish(PublishAttempt attempt)
    {
        var message = attempt.Message;
        if (!DelayedTopic.IsDelayed(message.Topic) || !queue.IsEnabled)
            return HookResult.Continue;
        if (!DelayedTopic.TryParse(message.Topic, message.PublishedAt, out var seconds, out var topic))
            return HookResult.Continue;

        if (queue.Add(new DelayedMessage(message.WithTopic(topic), message.PublishedAt + seconds * 1000, seconds)))
            counters.Increment(Metric.MessagesDelayed);
        attempt.Stopped = true;
        return HookResult.Stop;
    }

    private void OnDue(Message message)
    {
        if (!bans.IsBanned(message.From))
            publisher.Publish(message);
    }
}
