using Emqx.Broker.Hooks;
using Emqx.Broker.Metrics;
using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;
using Emqx.Broker.Settings;

namespace Emqx.Broker.Messages;

/// <summary>A message's way from its publisher to the subscribers: hook, router, delivery.</summary>
internal sealed class Publisher(Router router, BrokerHooks hooks, Counters counters, SettingsRoot<ZoneSettings> zone) : IMessagePublisher
{
    /// <inheritdoc/>
    public void Publish(Message message)
    {
        PublishBatch(message, out var waiting);
        if (waiting is not null)
            hooks.Unwaited(waiting);
    }

    /// <inheritdoc/>
    public ValueTask<int> PublishAsync(Message message)
    {
        var outcome = PublishBatch(message, out var waiting);
        return waiting is null ? new(outcome.Count) : CountAsync(waiting);
    }

    /// <summary>Publishes a message of a connection, on its thread and within its <see cref="FlushBatch"/> as long as no hook waits.</summary>
    /// <param name="message">What to publish.</param>
    /// <param name="state">Of the connection; null for those that have none.</param>
    /// <param name="waiting">Null when all is done; else a hook takes its time, and this tells the outcome: what is returned says nothing then.</param>
    public PublishOutcome Publish(Message message, PublishState? state, out Task<PublishOutcome>? waiting)
    {
        waiting = null;
        if (!message.IsSystem)
            counters.Increment(Metric.MessagesPublish);
        if (!hooks.MessagePublish.IsUsed)
            return new PublishOutcome(Route(message, state));
        var attempt = PublishAttempt.Take(message);
        var asked = hooks.MessagePublish.RunAsync(attempt);
        if (!asked.IsCompletedSuccessfully)
        {
            waiting = WaitAsync(asked, attempt, state);
            return default;
        }

        var outcome = Conclude(attempt, state);
        attempt.Return();
        return outcome;
    }

    /// <summary>Gives a message that a share group's member could not take to another one. False: there is none.</summary>
    public bool Redispatch(Message message, TopicFilter filter)
    {
        var settings = zone.Current.Mqtt;
        if (router.FindGroup(filter)?.Pick(message, null, settings.SharedSubscriptionStrategy, settings.SharedSubscriptionInitialStickyPick) is not { } member)
            return false;
        member.Subscriber.Deliver(message, member, fromRetained: false);
        return true;
    }

    private PublishOutcome PublishBatch(Message message, out Task<PublishOutcome>? waiting)
    {
        var batch = FlushBatch.Begin();
        try
        {
            return Publish(message, null, out waiting);
        }
        finally
        {
            batch.End();
        }
    }

    private static async ValueTask<int> CountAsync(Task<PublishOutcome> published) => (await published.ConfigureAwait(false)).Count;

    /// <summary>A message whose hook waits. The attempt is not given back: a link that was given up may still hold it.</summary>
    private async Task<PublishOutcome> WaitAsync(ValueTask<bool> asked, PublishAttempt attempt, PublishState? state)
    {
        if (!await asked.ConfigureAwait(false))
            return new PublishOutcome(-1, ReasonCode.UnspecifiedError);
        var batch = FlushBatch.Begin();
        try
        {
            return Conclude(attempt, state);
        }
        finally
        {
            batch.End();
        }
    }

    private PublishOutcome Conclude(PublishAttempt attempt, PublishState? state) => attempt.Stopped
        ? new PublishOutcome(attempt.ReasonCode == 0 ? 1 : 0, attempt.ReasonCode)
        : new PublishOutcome(Route(attempt.Message, state), attempt.ReasonCode);

    /// <summary>Past the hook: hands the message to those who subscribe.</summary>
    private int Route(Message message, PublishState? state)
    {
        var count = Dispatch(message, state);
        if (count == 0)
            CountUnmatched(message);
        return count;
    }

    private int Dispatch(Message message, PublishState? state)
    {
        Route route;
        if (state is not null && ReferenceEquals(state.Topic, message.Topic))
        {
            if (state.Route is not { IsCurrent: true })
                state.Route = router.Match(message.Topic);
            route = state.Route;
        }
        else
            route = router.Match(message.Topic);

        var count = 0;
        foreach (var leaf in route.Leaves)
        {
            foreach (var subscription in leaf.Subscribers)
                if (subscription is not null && Deliver(message, subscription))
                    count++;
            foreach (var group in leaf.Groups)
                if (group is not null && DeliverShared(message, group, state))
                    count++;
        }

        return count;
    }

    private bool Deliver(Message message, Subscription subscription)
    {
        var subscriber = subscription.Subscriber;
        if (subscription.Options.NoLocal && subscriber.ClientId == message.From)
        {
            counters.Increment(Metric.DeliveryDropped);
            counters.Increment(Metric.DeliveryDroppedNoLocal);
            return true;
        }

        if (IsLoop(message, subscriber))
            return true;
        subscriber.Deliver(message, subscription, fromRetained: false);
        return true;
    }

    private bool DeliverShared(Message message, SharedGroup group, PublishState? state)
    {
        var settings = zone.Current.Mqtt;
        var turns = state is null ? null : state.Turns ??= new SharedPickState();
        if (group.Pick(message, turns, settings.SharedSubscriptionStrategy, settings.SharedSubscriptionInitialStickyPick) is not { } member)
            return false;
        if (!IsLoop(message, member.Subscriber))
            member.Subscriber.Deliver(message, member, fromRetained: false);
        return true;
    }

    /// <summary>The setting ignore_loop_deliver keeps a client's own messages from it; MQTT 5 clients have no-local for that.</summary>
    private bool IsLoop(Message message, ISubscriber subscriber) =>
        zone.Current.Mqtt.IgnoreLoopDeliver && !subscriber.ChoosesNoLocal && subscriber.ClientId == message.From;

    private void CountUnmatched(Message message)
    {
        if (message.IsSystem)
            return;
        counters.Increment(Metric.MessagesDropped);
        counters.Increment(Metric.MessagesDroppedNoSubscribers);
        if (hooks.MessageDropped.IsUsed)
            hooks.MessageDropped.Tell(new MessageDropped(message, null, "no_subscribers"));
    }
}
