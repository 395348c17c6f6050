using Emqx.Broker.Hooks;
using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;
using Emqx.Broker.Settings;

namespace Emqx.Broker.Sessions;

/// <summary>Puts subscriptions into a session and the router, and takes them out: for clients and for the API alike.</summary>
internal sealed class SubscriptionControl(Router router, BrokerHooks hooks)
{
    /// <summary>The zone's limits on a filter; 0 when it may be subscribed.</summary>
    public byte FindRefusal(MqttSettings settings, TopicFilter filter)
    {
        if (filter.IsExclusive && !settings.ExclusiveSubscription)
            return ReasonCode.TopicFilterInvalid;
        if (TopicLevels.Count(filter.Topic) > settings.MaxTopicLevels)
            return ReasonCode.TopicFilterInvalid;
        if (filter.Group is not null && !settings.SharedSubscription)
            return ReasonCode.SharedSubscriptionsNotSupported;
        return filter.IsWildcard && !settings.WildcardSubscription ? ReasonCode.WildcardSubscriptionsNotSupported : ReasonCode.Success;
    }

    /// <summary>Subscribes; the code is the granted QoS or a refusal. <see cref="Told"/> is due after the SUBACK.</summary>
    public byte Add(Session session, TopicFilter filter, SubscriptionOptions options, out Subscription? added, out bool isNew)
    {
        added = null;
        isNew = session.FindSubscription(filter.Text) is null;
        if (isNew && session.SubscriptionMax >= 0 && session.SubscriptionCount >= session.SubscriptionMax)
            return ReasonCode.QuotaExceeded;
        if (filter.IsExclusive && !router.TryClaimExclusive(filter.Topic, session))
            return ReasonCode.QuotaExceeded;
        added = new Subscription(session, filter, options);
        session.PutSubscription(added);
        router.Add(added);
        if (session.HasEnded)
            router.Remove(added); // it ended meanwhile, and its end may have missed this one
        return options.Qos;
    }

    /// <summary>What follows a subscription that the client knows of: the hook, by which retained messages come.</summary>
    public void Told(Session session, Subscription subscription, bool isNew)
    {
        if (hooks.SessionSubscribed.IsUsed)
            hooks.SessionSubscribed.Tell(new SessionSubscribed(session, subscription, isNew));
    }

    /// <summary>Unsubscribes; false where there was nothing.</summary>
    public bool Remove(Session session, TopicFilter filter)
    {
        if (session.RemoveSubscription(filter.Text) is not { } removed)
            return false;
        router.Remove(removed);
        if (hooks.SessionUnsubscribed.IsUsed)
            hooks.SessionUnsubscribed.Tell(new SessionUnsubscribed(session, removed));
        return true;
    }
}
