using System.Collections.Concurrent;
using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;
using Emqx.Broker.Settings;
using Emqx.Broker.Timing;

namespace Emqx.Broker.Sessions;

/// <summary>
/// All sessions of the node, and what begins and ends them: opening, takeover, discard, kick, expiry. Each client id has
/// one of a few locks for that; no bytes are sent and no hook is told under it.
/// </summary>
internal sealed class SessionTable
{
    private const int Stripes = 256;
    private const int SubscriptionsATurn = 256;

    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);
    private readonly Lock[] _stripes = [.. Enumerable.Range(0, Stripes).Select(static _ => new Lock())];
    private readonly SessionContext _context;
    private readonly SessionEvents _events;
    private readonly Router _router;
    private readonly ISessionObserver[] _observers;

    public SessionTable(SessionContext context, SessionEvents events, Router router, IEnumerable<ISessionObserver> observers)
    {
        _context = context;
        _events = events;
        _router = router;
        _observers = [.. observers];
        context.OnDue = OnDue;
    }

    /// <summary>How many sessions there are, connected or waiting.</summary>
    public int Count => _sessions.Count;

    public Session? Find(string clientId) => _sessions.GetValueOrDefault(clientId);

    /// <summary>All sessions of the moment, connected or waiting.</summary>
    public IEnumerable<Session> All => _sessions.Values;

    /// <summary>All connections of the moment.</summary>
    public IEnumerable<ISessionLink> Connections => _sessions.Values.Select(static s => s.Link).OfType<ISessionLink>();

    /// <summary>
    /// Finds or makes the session of a CONNECT, takes it from the connection that had it, and connects the new one.
    /// <paramref name="accept"/> writes the CONNACK at the right moment: before anything that the session sends.
    /// </summary>
    public Session Open(ISessionLink connection, ClientInfo client, MqttSettings settings, uint expiryInterval, Action<bool> accept)
    {
        Session session;
        Session? discarded = null;
        ISessionLink? old = null;
        bool resumed;
        lock (StripeOf(client.ClientId))
        {
            var existing = Find(client.ClientId);
            old = existing?.Link;
            if (old is not null && !old.MarkEnded())
                old = null; // it is just ending by itself
            if (existing is not null && client.CleanStart)
            {
                discarded = existing;
                Remove(existing);
                existing = null;
            }

            resumed = existing is not null;
            session = existing ?? new Session(_context, client, settings, expiryInterval, _context.Wheel.Coarse);
            var before = session.Client;
            if (resumed)
                session.CountAnew();
            connection.Session = session;
            accept(resumed);
            if (resumed && old is not null)
                session.Detach(old, "takenover", _context.Wheel.Coarse);
            session.Attach(connection, client, settings, expiryInterval);
            _sessions[client.ClientId] = session;
            foreach (var observer in _observers)
            {
                if (resumed)
                    observer.Reconnected(session, before);
                else
                    observer.Added(session);
            }
        }

        _events.Opened(session, discarded, old, resumed);
        old?.Close(ReasonCode.SessionTakenOver, discarded is null ? "takenover" : "discarded");
        return session;
    }

    /// <summary>A connection is over: the session waits, or ends with it.</summary>
    public void ConnectionEnded(ISessionLink connection, string reason)
    {
        var session = connection.Session!;
        var ended = false;
        bool detached;
        lock (StripeOf(session.ClientId))
        {
            detached = session.Detach(connection, reason, _context.Wheel.Coarse);
            if (detached && session.ExpiryInterval == 0)
            {
                ended = true;
                Remove(session);
            }
            else if (detached)
            {
                _events.KeepWill(connection, session);
                session.RescheduleNow();
                foreach (var observer in _observers)
                    observer.Disconnected(session);
            }
        }

        _events.Ended(connection, session, reason, ended, detached);
    }

    /// <summary>Ends a session for good, with the connection it may have: the will at once. False: it was gone already.</summary>
    public bool Kick(Session session)
    {
        ISessionLink? link;
        bool wasLive;
        Message? will;
        lock (StripeOf(session.ClientId))
        {
            if (Find(session.ClientId) != session)
                return false;
            link = session.Link;
            wasLive = link is not null && link.MarkEnded();
            will = session.TakePendingWill();
            Remove(session);
        }

        _events.Kicked(session, wasLive ? link : null, will);
        link?.Close(ReasonCode.AdministrativeAction, "kicked");
        return true;
    }

    /// <summary>Publishes the will of a session's client at once, one that waits for its time too; the client stays. False: there is none.</summary>
    public bool PublishWill(Session session)
    {
        Message? waiting;
        lock (StripeOf(session.ClientId))
            waiting = session.TakePendingWill();
        if (waiting is not null)
            _events.PublishWill(waiting, session.Client);
        return (session.Link is { } link && _events.PublishWill(link)) || waiting is not null;
    }

    /// <summary>Ends a connection and its session without a word or a will, as EMQX does when a listener stops.</summary>
    public void Destroy(ISessionLink connection, string reason)
    {
        if (connection.Session is { } session && connection.MarkEnded())
        {
            lock (StripeOf(session.ClientId))
                if (Find(session.ClientId) == session)
                    Remove(session);
            _events.Destroyed(session, reason);
        }

        connection.Abort(reason);
    }

    /// <summary>Ends all sessions so.</summary>
    public void DestroyAll(string reason)
    {
        foreach (var session in _sessions.Values)
            Destroy(session, reason);
    }

    /// <summary>Ends a session without a word, a will or an event, as EMQX kills the process of one whose queue has grown too heavy.</summary>
    private void Destroy(Session session, string reason)
    {
        if (session.Link is { } link)
        {
            Destroy(link, reason);
            return;
        }

        lock (StripeOf(session.ClientId))
        {
            if (Find(session.ClientId) != session)
                return;
            Remove(session);
        }

        _events.Destroyed(session, reason);
    }

    /// <summary>Under the stripe: takes the session out of everything.</summary>
    private void Remove(Session session)
    {
        var wasConnected = session.IsConnected;
        _sessions.TryRemove(KeyValuePair.Create(session.ClientId, session));
        var subscriptions = session.GetSubscriptions();
        session.Leftovers = session.End();
        if (!Forget(subscriptions, 0, out var rest))
            _context.Hooks.Unwaited(ForgetAsync(subscriptions, rest));
        foreach (var observer in _observers)
            observer.Removed(session, wasConnected);
    }

    /// <summary>Takes a turn's worth of an ended session's subscriptions out of the router. False: there are more.</summary>
    private bool Forget(Subscription[] subscriptions, int from, out int rest)
    {
        rest = Math.Min(subscriptions.Length, from + SubscriptionsATurn);
        for (var i = from; i < rest; i++)
            _router.Remove(subscriptions[i]);
        return rest == subscriptions.Length;
    }

    private async Task ForgetAsync(Subscription[] subscriptions, int from)
    {
        do
            await Turns.Next();
        while (!Forget(subscriptions, from, out from));
    }

    private void OnDue(Session session, long now)
    {
        if (session.IsOverweight)
        {
            Destroy(session, "force_shutdown");
            return;
        }

        bool expired;
        Message? will = null;
        lock (StripeOf(session.ClientId))
        {
            if (session.IsConnected || Find(session.ClientId) != session)
                return;
            expired = session.ExpiresAt <= now;
            if (expired || session.PendingWill?.At <= now)
                will = session.TakePendingWill();
            if (expired)
                Remove(session);
        }

        if (will is not null)
            _events.PublishWill(will, session.Client);
        if (expired)
            _events.Expired(session);
    }

    private Lock StripeOf(string clientId) => _stripes[clientId.GetHashCode(StringComparison.Ordinal) & (Stripes - 1)];
}
