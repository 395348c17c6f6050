using Emqx.Broker.Messages;
using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;
using Emqx.Broker.Sessions;
using Emqx.Broker.Timing;

namespace Emqx.Broker.Modules.Retainer;

/// <summary>
/// The retained messages that a session has still to get, filter after filter: a slice at a time, as long as there is room on its way
/// out and no faster than the settings allow. While the client takes nothing, or is away, this rests and holds a place in the store, not messages.
/// </summary>
internal sealed class RetainedReplay : WheelTimer, IBacklog
{
    private const int MessagesATurn = 64;
    private const int PlacesATurn = 1024;

    private readonly Session _session;
    private readonly RetainedStore _store;
    private readonly RetainedDelivery _delivery;
    private readonly TokenBucket _tokens;
    private readonly Lock _gate = new();
    private readonly Queue<string> _filters = [];
    private readonly HashSet<string> _waiting = new(StringComparer.Ordinal);
    private RetainedWalk? _walk; // of the filter under way, where it has wildcards
    private string? _filter;
    private Message? _next; // found, and not taken yet
    private int _calls; // of which the one that made it 1 does the work
    private bool _isOver;

    private RetainedReplay(Session session, RetainedStore store, RetainedDelivery delivery) =>
        (_session, _store, _delivery, _tokens) = (session, store, delivery, delivery.NewBucket());

    /// <summary>The one under way for a session, or a new one.</summary>
    public static RetainedReplay Of(Session session, RetainedStore store, RetainedDelivery delivery)
    {
        while (true)
        {
            if (session.Backlog is RetainedReplay present)
                return present;
            var made = new RetainedReplay(session, store, delivery);
            if (session.ChangeBacklog(null, made))
                return made;
        }
    }

    /// <summary>Puts a subscription's messages behind what waits, and begins at once if nothing does. False: this has come to its end; take another one.</summary>
    public bool TryAdd(Subscription subscription)
    {
        var filter = subscription.Filter.Text;
        lock (_gate)
        {
            if (_isOver)
                return false;
            if (_waiting.Add(filter))
                _filters.Enqueue(filter);
        }

        if (Interlocked.Increment(ref _calls) == 1)
            Run();
        return true;
    }

    public void HasRoom()
    {
        if (Interlocked.Increment(ref _calls) == 1)
            Turns.Queue(Run);
    }

    /// <summary>It has rested long enough.</summary>
    protected internal override void OnDue(long now) => HasRoom();

    private void Run()
    {
        var calls = Volatile.Read(ref _calls);
        var batch = FlushBatch.Begin();
        bool goesOn;
        try
        {
            goesOn = Go();
        }
        finally
        {
            batch.End();
        }

        if (goesOn || Interlocked.Add(ref _calls, -calls) != 0)
            Turns.Queue(Run);
    }

    /// <summary>A slice. True: there is more that may be done now.</summary>
    private bool Go()
    {
        if (_next is not null)
            _next = _store.Find(_next.Topic); // it has waited: what is kept now counts
        var budget = PlacesATurn;
        for (var sent = 0; sent < MessagesATurn && budget > 0; budget--)
        {
            if (_filter is null && !TryBegin())
                return false;
            // Asked for each time: it may have been replaced, or given up.
            if (_session.FindSubscription(_filter!) is not { } subscription)
            {
                Forget();
                continue;
            }

            _next ??= _walk is null ? null : _store.Next(_walk, ref budget);
            if (_next is null)
            {
                if (_walk is null || _walk.IsOver)
                    Forget();
                continue;
            }

            if (!TrySend(_next, subscription))
                return false;
            _next = null;
            sent++;
        }

        return true;
    }

    /// <summary>Sends a message, or passes it over. False: not now; this is told when.</summary>
    private bool TrySend(Message message, Subscription subscription)
    {
        if (_delivery.IsWithheld(message))
            return true;
        if (!_tokens.TryTake(_delivery.Rate))
        {
            _delivery.Rest(this);
            return false;
        }

        if (_session.TryFollow(message, subscription))
            return true;
        _tokens.PutBack();
        return false;
    }

    /// <summary>Takes the next filter. False: there is none, and this is over.</summary>
    private bool TryBegin()
    {
        lock (_gate)
        {
            if (!_filters.TryDequeue(out _filter))
            {
                _isOver = true;
                _session.ChangeBacklog(this, null);
                return false;
            }

            _waiting.Remove(_filter);
        }

        if (_session.FindSubscription(_filter) is not { } subscription)
            Forget();
        else if (subscription.Filter.IsWildcard)
            _walk = _store.Walk(subscription.Filter.Topic);
        else
            _next = _store.Find(subscription.Filter.Topic);
        return true;
    }

    private void Forget() => (_filter, _walk, _next) = (null, null, null);
}
