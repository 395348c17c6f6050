using Emqx.Broker.Hooks;
using Emqx.Broker.Metrics;
using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;
using Emqx.Broker.Sessions;

namespace Emqx.Broker.Modules.Retainer;

/// <summary>The retainer as a part of the node: keeps messages on their way in, and hands them to new subscriptions.</summary>
internal sealed class RetainerModule(RetainedStore store) : INodeModule
{
    public void Attach(BrokerHooks hooks)
    {
        hooks.MessagePublish.Add(Keep, HookPriority.Retainer);
        hooks.SessionSubscribed.Add(subscribed => Deliver(subscribed.Subscription, subscribed.IsNew));
    }

    /// <summary>Delivers the retained messages that a new subscription asks for (MQTT 5, 3.8.3.1); a session gets them as it has room, or in its queue where its client is away.</summary>
    public void Deliver(Subscription subscription, bool isNew)
    {
        if (subscription.Options.RetainHandling is not (0 or 1) || (subscription.Options.RetainHandling == 1 && !isNew))
            return;
        if (subscription.Filter.Group is not null || store.Count == 0)
            return;
        if (subscription.Subscriber is not Session session)
            DeliverAll(subscription);
        else if (session.IsConnected)
            Follow(session, subscription);
        else
            new RetainedQueueing(session, subscription, store).Run();
    }

    private void Follow(Session session, Subscription subscription)
    {
        // Mostly there is nothing for a topic, or one message that fits.
        if (!subscription.Filter.IsWildcard && session.Backlog is null
            && (store.Find(subscription.Filter.Topic) is not { } message || session.TryFollow(message, subscription)))
            return;
        while (!RetainedReplay.Of(session, store).TryAdd(subscription))
        {
            // That one has just come to its end.
        }
    }

    private void DeliverAll(Subscription subscription)
    {
        var found = new List<Message>();
        store.Match(subscription.Filter, found);
        foreach (var message in found)
            subscription.Subscriber.Deliver(message, subscription, fromRetained: true);
    }

    public ValueTask ResetAsync(CancellationToken cancellation)
    {
        store.Clear();
        return ValueTask.CompletedTask;
    }

    public void ReadGauges(ref NodeGauges gauges) => gauges.Retained = store.Count;

    private HookResult Keep(PublishAttempt attempt)
    {
        if (attempt.Message.Retain && !store.Apply(attempt.Message))
        {
            // stop_publish_clear_msg: to the publisher it looks as if nobody had subscribed.
            attempt.Stopped = true;
            attempt.ReasonCode = ReasonCode.NoMatchingSubscribers;
        }

        return HookResult.Continue;
    }
}
