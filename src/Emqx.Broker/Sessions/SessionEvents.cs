using Emqx.Broker.Access;
using Emqx.Broker.Hooks;
using Emqx.Broker.Messages;
using Emqx.Broker.Metrics;
using Emqx.Broker.Protocol;
using Emqx.Broker.Timing;

namespace Emqx.Broker.Sessions;

/// <summary>What follows when a session or a connection begins or ends: wills, hooks, counters, messages handed to others.</summary>
internal sealed class SessionEvents(BrokerHooks hooks, Counters counters, Publisher publisher, Authorizer authorizer, TimerWheel wheel)
{
    private int _willsUnderWay;

    /// <summary>Wills whose verdict is still awaited.</summary>
    public int WillsUnderWay => Volatile.Read(ref _willsUnderWay);

    /// <summary>A CONNECT has got its session.</summary>
    public void Opened(Session session, Session? discarded, ISessionLink? old, bool resumed)
    {
        if (old is not null)
        {
            var reason = discarded is null ? "takenover" : "discarded";
            // A session that goes on gives a delayed will up (MQTT 5, 3.1.3.2.2).
            if (discarded is not null || old.Will is { DelayInterval: 0 } || session.ExpiryInterval == 0)
                PublishWill(old);
            Disconnected(old, discarded ?? session, reason);
        }

        if (discarded is not null)
        {
            counters.Increment(Metric.SessionDiscarded);
            hooks.SessionDiscarded.Tell(discarded); // in place of session.terminated, not beside it
        }

        if (resumed && old is not null)
        {
            counters.Increment(Metric.SessionTakenover);
            hooks.SessionTakenOver.Tell(session);
        }

        counters.Increment(resumed ? Metric.SessionResumed : Metric.SessionCreated);
        (resumed ? hooks.SessionResumed : hooks.SessionCreated).Tell(session);
    }

    /// <summary>A connection that ended leaves its will with the session, where it has a delay.</summary>
    public void KeepWill(ISessionLink connection, Session session)
    {
        if (connection.Will is not { DelayInterval: > 0 } || connection.TakeWill() is not { } will)
            return;
        var delay = Math.Min(will.DelayInterval, session.ExpiryInterval) * 1000L;
        session.PendingWill = (ToMessage(will, connection), wheel.Steady + delay);
    }

    /// <summary>A connection has ended by itself.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="session">Its session.</param>
    /// <param name="reason">EMQX's word.</param>
    /// <param name="ended">The session ended with it.</param>
    /// <param name="detached">The session was still its own.</param>
    public void Ended(ISessionLink connection, Session session, string reason, bool ended, bool detached)
    {
        if (detached || connection.Will is { DelayInterval: 0 })
            PublishWill(connection);
        Disconnected(connection, session, reason);
        if (ended)
            Terminated(session, reason);
    }

    /// <summary>A session was ended by the API; the will goes out at once.</summary>
    public void Kicked(Session session, ISessionLink? connection, Message? pendingWill)
    {
        if (pendingWill is not null)
            PublishWill(pendingWill, session.Client);
        if (connection is not null)
        {
            PublishWill(connection);
            Disconnected(connection, session, "kicked");
        }

        Terminated(session, "kicked");
    }

    public void Destroyed(Session session, string reason) => Terminated(session, reason);

    /// <summary>An offline session's time was up: what a share group's member had not acknowledged goes to the others.</summary>
    public void Expired(Session session)
    {
        var (inflight, queued) = session.Leftovers;
        foreach (var entry in inflight)
            if (entry.Qos == 1 && entry.Subscription.Filter.Group is not null)
                publisher.Redispatch(entry.Message, entry.Subscription.Filter);
        foreach (var item in queued)
            if (item.Subscription.Filter.Group is not null)
                publisher.Redispatch(item.Message, item.Subscription.Filter);
        Terminated(session, "expired");
    }

    /// <summary>Publishes a connection's will; false where there is none, or not any more.</summary>
    public bool PublishWill(ISessionLink connection)
    {
        if (connection.TakeWill() is not { } will)
            return false;
        PublishWill(ToMessage(will, connection), connection.Client!);
        return true;
    }

    /// <summary>Publishes a will, where the client may; whoever ends a session does not wait for that.</summary>
    public void PublishWill(Message message, ClientInfo client)
    {
        var access = new AuthorizationAccess(IsPublish: true, message.Qos, message.Retain, TopicName.Unmount(message.Topic, client.Mountpoint));
        var allowed = authorizer.AskAsync(client, access);
        if (allowed is { IsCompletedSuccessfully: true, Result: false })
            return;
        var published = allowed.IsCompletedSuccessfully ? publisher.PublishAsync(message) : PublishWillAsync(allowed, message);
        if (!published.IsCompletedSuccessfully)
            hooks.Unwaited(CountAsync(published));
    }

    private async ValueTask<int> PublishWillAsync(ValueTask<bool> allowed, Message message) =>
        await allowed.ConfigureAwait(false) ? await publisher.PublishAsync(message).ConfigureAwait(false) : 0;

    private async Task CountAsync(ValueTask<int> published)
    {
        Interlocked.Increment(ref _willsUnderWay);
        try
        {
            await published.ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _willsUnderWay);
        }
    }

    private Message ToMessage(Will will, ISessionLink connection) =>
        will.ToMessage(TopicName.Mount(will.Topic, connection.Client!.Mountpoint), connection.Client, wheel.Coarse, connection.Settings.MessageExpiryInterval);

    private void Disconnected(ISessionLink connection, Session session, string reason)
    {
        counters.Increment(Metric.ClientDisconnected);
        if (hooks.ClientDisconnected.IsUsed)
            hooks.ClientDisconnected.Tell(new ClientDisconnected(connection.Client!, session, reason, wheel.Coarse));
    }

    private void Terminated(Session session, string reason)
    {
        session.Leftovers = default;
        counters.Increment(Metric.SessionTerminated);
        if (hooks.SessionTerminated.IsUsed)
            hooks.SessionTerminated.Tell(new SessionTerminated(session, reason));
    }
}
