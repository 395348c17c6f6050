using Emqx.Broker.Hooks;
using Emqx.Broker.Messages;
using Emqx.Broker.Metrics;
using Emqx.Broker.Modules.Bans;
using Emqx.Broker.Protocol;
using Microsoft.Extensions.Hosting;

namespace Emqx.Broker.Modules.Delayed;

/// <summary>
/// Delayed publishing: takes messages to <c>$delayed/SECONDS/TOPIC</c> off the message.publish hook, and publishes them when they are
/// due, unless their sender is banned by then.
/// </summary>
internal sealed class DelayedMessages(DelayedQueue queue, BrokerHooks hooks, IMessagePublisher publisher, BanList bans, Counters counters) : IHostedService
{
    /// <summary>Later than rewriting, earlier than what looks at messages on their way to subscribers.</summary>
    private const int HookPriority = 50;

    private IDisposable? _registration;

    /// <summary>How many messages wait.</summary>
    public int Count => queue.Count;

    /// <summary>Begins to take messages in.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        queue.Due = OnDue;
        _registration = hooks.MessagePublish.Add(OnPublish, HookPriority);
        return Task.CompletedTask;
    }

    /// <summary>Takes no more in and publishes no more.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _registration?.Dispose();
        queue.Due = static _ => { };
        return Task.CompletedTask;
    }

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
