using Emqx.Broker.Hooks;
using Emqx.Broker.Metrics;
using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;
using Emqx.Broker.Sessions;
using Emqx.Broker.Settings;

namespace Emqx.Broker.Modules.Retainer;

/// <summary>
/// The retainer as a part of the node: keeps messages on their way in, and hands them to new subscriptions. With <c>storage_type</c> disc it
/// has publishers wait for storage, too; without, nothing of that hangs on the hooks.
/// </summary>
internal sealed class RetainerModule(RetainedStore store, RetainedJournal journal, RetainedDelivery delivery,
    SettingsRoot<RetainerSettings> settings) : INodeModule, IRetainedDirectory, IRetainedControl, IDisposable
{
    private BrokerHooks _hooks = null!;
    private IDisposable? _waiting;

    public void Attach(BrokerHooks hooks)
    {
        _hooks = hooks;
        hooks.MessagePublish.Add(Keep, HookPriority.Retainer);
        hooks.SessionSubscribed.Add(subscribed => Deliver(subscribed.Subscription, subscribed.IsNew));
    }

    public async ValueTask LoadAsync(CancellationToken cancellation)
    {
        settings.Changed += OnSettingsChanged;
        if (!settings.Current.IsOnDisc)
        {
            journal.Clear(); // of an earlier run: who goes over to ram and back again begins anew
            return;
        }

        store.NoteIn(journal);
        _waiting = _hooks.MessagePublish.Add(AwaitStorage, HookPriority.RetainedOnDisc);
        await journal.LoadAsync(store.Restore, cancellation).ConfigureAwait(false);
    }

    public Task RunAsync(CancellationToken cancellation) => journal.RunAsync(cancellation);

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
            new RetainedQueueing(session, subscription, store, delivery).Run();
    }

    public ValueTask<RetainedPage> ListAsync(string? topic, long skip, int limit, CancellationToken cancellation)
    {
        var page = new Message[limit + 1];
        var found = store.List(topic, skip, page);
        return new(new RetainedPage(new ArraySegment<Message>(page, 0, Math.Min(found, limit)), topic is null ? store.Count : null, found > limit));
    }

    public ValueTask<Message?> FindAsync(string topic, CancellationToken cancellation)
    {
        var first = new Message[1];
        return new(store.List(topic, 0, first) == 0 ? null : first[0]);
    }

    public async ValueTask<bool> DeleteAsync(string topic, CancellationToken cancellation)
    {
        var removed = store.RemoveMatching(topic);
        await StoredAsync(cancellation).ConfigureAwait(false);
        return removed > 0;
    }

    public ValueTask ClearAsync(CancellationToken cancellation) => settings.Current.Enable ? ResetAsync(cancellation) : default;

    public async ValueTask ResetAsync(CancellationToken cancellation)
    {
        store.Clear();
        await StoredAsync(cancellation).ConfigureAwait(false);
    }

    public void ReadGauges(ref NodeGauges gauges) => gauges.Retained = store.Count;

    public void Dispose()
    {
        settings.Changed -= OnSettingsChanged;
        _waiting?.Dispose();
    }

    private void Follow(Session session, Subscription subscription)
    {
        // Mostly there is nothing for a topic, or one message that fits.
        if (!subscription.Filter.IsWildcard && session.Backlog is null
            && (store.Find(subscription.Filter.Topic) is not { } message || delivery.IsWithheld(message) || session.TryFollow(message, subscription)))
            return;
        while (!RetainedReplay.Of(session, store, delivery).TryAdd(subscription))
        {
            // That one has just come to its end.
        }
    }

    private void DeliverAll(Subscription subscription)
    {
        var found = new List<Message>();
        store.Match(subscription.Filter, found);
        foreach (var message in found)
        {
            if (!delivery.IsWithheld(message))
                subscription.Subscriber.Deliver(message, subscription, fromRetained: true);
        }
    }

    private HookResult Keep(PublishAttempt attempt)
    {
        var message = attempt.Message;
        if (!message.Retain)
            return HookResult.Continue;
        store.Apply(message);
        if (!store.LetsOn(message))
        {
            // stop_publish_clear_msg: to the publisher it looks as if nobody had subscribed.
            attempt.Stopped = true;
            attempt.ReasonCode = ReasonCode.NoMatchingSubscribers;
        }

        return HookResult.Continue;
    }

    /// <summary>Holds back the acknowledgement of what was just kept or cleared until it is in storage.</summary>
    private ValueTask<HookResult> AwaitStorage(PublishAttempt attempt, CancellationToken cancellation)
    {
        var message = attempt.Message;
        return !message.Retain || message.IsSystem || (IsUnacknowledged(message) && journal.HasRoom)
            ? new(HookResult.Continue)
            : AwaitStorageAsync(attempt, cancellation);
    }

    private async ValueTask<HookResult> AwaitStorageAsync(PublishAttempt attempt, CancellationToken cancellation)
    {
        if (!await journal.WrittenAsync().WaitAsync(cancellation).ConfigureAwait(false))
        {
            attempt.Stopped = true;
            attempt.ReasonCode = ReasonCode.UnspecifiedError;
        }

        return HookResult.Continue;
    }

    /// <summary>A client's message of QoS 0. One of the API is answered, whatever its QoS.</summary>
    private static bool IsUnacknowledged(Message message) => message is { Qos: 0, FromPeerHost: not null };

    /// <summary>Waits until all changes are in storage, where there is one.</summary>
    public async ValueTask StoredAsync(CancellationToken cancellation)
    {
        if (settings.Current.IsOnDisc && !await journal.WrittenAsync().WaitAsync(cancellation).ConfigureAwait(false))
            throw new IOException("The change of the retained messages could not be written.");
    }

    // As in EMQX: what the one storage has is not carried over to the other.
    private void OnSettingsChanged(RetainerSettings old, RetainerSettings changed)
    {
        if (old.IsOnDisc == changed.IsOnDisc)
            return;
        store.BeginAnew(journal, changed.IsOnDisc);
        _waiting?.Dispose();
        _waiting = changed.IsOnDisc ? _hooks.MessagePublish.Add(AwaitStorage, HookPriority.RetainedOnDisc) : null;
    }
}
