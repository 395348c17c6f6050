using Emqx.Broker.Hooks;
using Emqx.Broker.Metrics;
using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;
using Emqx.Broker.Settings;
using Emqx.Broker.Timing;

namespace Emqx.Broker.Messages;

/// <summary>A message's way from its publisher to the subscribers: hook, router, delivery. What many filters or receivers make long goes on in turns.</summary>
internal sealed class Publisher(Router router, BrokerHooks hooks, Counters counters, SettingsRoot<ZoneSettings> zone) : IMessagePublisher
{
    private const int StepsATurn = 4096;
    private const int ReceiversATurn = 4096;
    private const int FewestOfRun = 2;

    /// <summary>Routes of more filters are not remembered: they would be one publisher's memory of all that others subscribe to.</summary>
    private const int MostRemembered = 1024;

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
            return Route(message, state, ReasonCode.Success, out waiting);
        var attempt = PublishAttempt.Take(message);
        var asked = hooks.MessagePublish.RunAsync(attempt);
        if (!asked.IsCompletedSuccessfully)
        {
            waiting = WaitAsync(asked, attempt, state);
            return default;
        }

        var outcome = Conclude(attempt, state, out waiting);
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
        var outcome = ConcludeBatch(attempt, state, out var waiting);
        return waiting is null ? outcome : await waiting.ConfigureAwait(false);
    }

    private PublishOutcome ConcludeBatch(PublishAttempt attempt, PublishState? state, out Task<PublishOutcome>? waiting)
    {
        var batch = FlushBatch.Begin();
        try
        {
            return Conclude(attempt, state, out waiting);
        }
        finally
        {
            batch.End();
        }
    }

    private PublishOutcome Conclude(PublishAttempt attempt, PublishState? state, out Task<PublishOutcome>? waiting)
    {
        waiting = null;
        var outcome = attempt.Stopped
            ? new PublishOutcome(attempt.ReasonCode switch { 0 => 1, < ReasonCode.UnspecifiedError => 0, _ => -1 }, attempt.ReasonCode)
            : Route(attempt.Message, state, attempt.ReasonCode, out waiting);
        if (hooks.MessageRouted.IsUsed && waiting is null)
            hooks.MessageRouted.Tell(new MessageRouted(attempt.Message));
        return outcome;
    }

    /// <summary>Past the hook: hands the message to those who subscribe.</summary>
    private PublishOutcome Route(Message message, PublishState? state, byte reasonCode, out Task<PublishOutcome>? waiting)
    {
        waiting = null;
        var run = MessageRun.Mine;
        var route = FindRoute(message, state, out var search);
        if (route is not null && state is not null && Join(run, message, state, route) is var reached and not 0)
            return new PublishOutcome(reached, reasonCode);
        EndRun(); // whoever has published that, this one came later
        if (route is null || Receivers(route) > ReceiversATurn)
        {
            waiting = RouteInTurnsAsync(message, state, route, search, reasonCode);
            return default;
        }

        var count = Dispatch(message, state, route);
        if (state is not null)
            state.Work += count;
        if (count == 0)
            CountUnmatched(message);
        return new PublishOutcome(count, reasonCode);
    }

    /// <summary>From here on messages of a connection to the same receivers gather, until <see cref="EndRuns"/> on the same thread.</summary>
    public static void BeginRuns() => MessageRun.Mine.IsOpen = true;

    /// <summary>Hands out what has gathered, and lets nothing gather any more.</summary>
    public void EndRuns()
    {
        MessageRun.Mine.IsOpen = false;
        EndRun();
    }

    /// <summary>Hands out what has gathered: before anything else of the connection that published it happens.</summary>
    public void EndRun()
    {
        var run = MessageRun.Mine;
        if (!run.IsWaiting)
            return;
        run.BeginHandingOut();
        try
        {
            foreach (var leaf in run.Route!.Leaves)
            {
                foreach (var subscription in leaf.Subscribers)
                {
                    if (subscription is not null)
                        Deliver(run, subscription);
                }
            }
        }
        finally
        {
            run.Clear();
        }
    }

    /// <summary>Lets a message wait for those that follow it, where there are several receivers for all. Returns how many; 0: it is to be delivered at once.</summary>
    private int Join(MessageRun run, Message message, PublishState state, Route route)
    {
        if (!run.TakesMessages || !ReferenceEquals(state.Topic, message.Topic) || message.ExpiresAt != 0 || message.IsSystem || message.Payload.Length > MessageRun.LargestPayload)
            return 0;
        var receivers = 0;
        foreach (var leaf in route.Leaves)
        {
            if (!leaf.Groups.IsEmpty)
                return 0;
            receivers += leaf.SubscriberCount;
        }

        if (receivers < FewestOfRun || receivers > ReceiversATurn)
            return 0;
        if (run.IsWaiting && (run.IsFull || run.Route != route || run.Messages.Length * receivers >= ReceiversATurn))
            EndRun();
        run.Add(message, route);
        state.Work += receivers;
        return receivers;
    }

    private async Task<PublishOutcome> RouteInTurnsAsync(Message message, PublishState? state, Route? route, RouteSearch? search, byte reasonCode)
    {
        while (route is null)
        {
            await Turns.Next();
            route = search!.Go(StepsATurn);
        }

        Remember(message, state, route);
        var fanOut = new FanOut(route);
        while (!DispatchSome(message, state, fanOut))
            await Turns.Next();
        if (fanOut.Reached == 0)
            CountUnmatched(message);
        if (hooks.MessageRouted.IsUsed)
            hooks.MessageRouted.Tell(new MessageRouted(message));
        return new PublishOutcome(fanOut.Reached, reasonCode);
    }

    private static int Receivers(Route route)
    {
        var count = 0;
        foreach (var leaf in route.Leaves)
            count += 1 + leaf.SubscriberCount + leaf.Groups.Length;
        return count;
    }

    private Route? FindRoute(Message message, PublishState? state, out RouteSearch? search)
    {
        search = null;
        if (state is not null && ReferenceEquals(state.Topic, message.Topic) && state.Route is { IsCurrent: true } known)
            return known;
        var budget = StepsATurn;
        var route = router.Match(message.Topic, ref budget, out search);
        if (state is not null)
            state.Work += StepsATurn - budget;
        if (route is not null)
            Remember(message, state, route);
        return route;
    }

    private static void Remember(Message message, PublishState? state, Route route)
    {
        if (state is not null && ReferenceEquals(state.Topic, message.Topic))
            state.Route = route.Leaves.Length <= MostRemembered ? route : null;
    }

    private int Dispatch(Message message, PublishState? state, Route route)
    {
        var count = 0;
        foreach (var leaf in route.Leaves)
            count += Dispatch(message, state, leaf.Subscribers, leaf.Groups);
        return count;
    }

    private int Dispatch(Message message, PublishState? state, ReadOnlySpan<Subscription?> subscribers, ReadOnlySpan<SharedGroup?> groups)
    {
        var count = 0;
        foreach (var subscription in subscribers)
        {
            if (subscription is not null && Deliver(message, subscription))
                count++;
        }

        foreach (var group in groups)
        {
            if (group is not null && DeliverShared(message, group, state))
                count++;
        }

        return count;
    }

    /// <summary>A slice of a message's receivers. True when it was the last one.</summary>
    private bool DispatchSome(Message message, PublishState? state, FanOut fanOut)
    {
        var batch = FlushBatch.Begin();
        try
        {
            var budget = ReceiversATurn;
            while (budget > 0 && fanOut.Take(ref budget, out var subscribers, out var groups))
                fanOut.Reached += Dispatch(message, state, subscribers, groups);
            return fanOut.IsOver;
        }
        finally
        {
            batch.End();
        }
    }

    private void Deliver(MessageRun run, Subscription subscription)
    {
        var first = run.Messages[0]; // they are of one publisher
        var subscriber = subscription.Subscriber;
        if (subscription.Options.NoLocal && subscriber.ClientId == first.From)
        {
            counters.Add(Metric.DeliveryDropped, run.Messages.Length);
            counters.Add(Metric.DeliveryDroppedNoLocal, run.Messages.Length);
        }
        else if (!IsLoop(first, subscriber))
        {
            subscriber.Deliver(run, subscription);
        }
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
        zone.Current.IgnoresLoopsSomewhere && !subscriber.ChoosesNoLocal && subscriber.ClientId == message.From;

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
