using System.Runtime.CompilerServices;
using Emqx.Broker.Clients;
using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;
using Emqx.Broker.Settings;
using Emqx.Broker.Timing;

namespace Emqx.Broker.Sessions;

/// <summary>
/// A client's session: subscriptions, queue, in-flight window. Outlives the connection. Its lock is never held while
/// bytes are sent, and nothing outside the session and its link is locked under it.
/// </summary>
internal sealed partial class Session : WheelTimer, IClientView, ISubscriber
{
    private readonly SessionContext _context;
    private readonly Lock _gate = new();
    private readonly SubscriptionSet _subscriptions = new();
    private readonly Inflight _inflight = new();
    private readonly Mqueue _mqueue = new();
    private Dictionary<ushort, long>? _awaitingRel; // packet id to when it came, steady
    private ISessionLink? _link;
    private MqttSettings _settings;
    private long _lastInsertedAt;
    private long _untold; // of the bytes that it holds
    private long _awaySince; // steady milliseconds
    private bool _ended;

    public Session(SessionContext context, ClientInfo client, MqttSettings settings, uint expiryInterval, long now)
    {
        _context = context;
        _settings = settings;
        Client = client;
        ClientId = client.ClientId;
        CreatedAt = now;
        ExpiryInterval = expiryInterval;
        DisconnectedAt = now;
        _awaySince = context.Wheel.Steady;
    }

    public string ClientId { get; }

    /// <summary>Of the latest connection.</summary>
    public ClientInfo Client { get; private set; }

    /// <inheritdoc/>
    public bool IsSession => true;
    public bool ChoosesNoLocal => Client.ProtocolVersion >= 5 || !_settings.IgnoreLoopDeliver;

    public bool IsConnected => Volatile.Read(ref _link) is not null;

    /// <inheritdoc/>
    public bool HasEnded => Volatile.Read(ref _ended);

    /// <summary>The connection that serves it now, or null.</summary>
    public ISessionLink? Link => Volatile.Read(ref _link);

    /// <summary>Unix milliseconds.</summary>
    public long CreatedAt { get; }

    /// <summary>Unix milliseconds; 0 while connected.</summary>
    public long DisconnectedAt { get; private set; }

    /// <summary>Why the last connection ended, in EMQX's words; null while none has.</summary>
    public string? DisconnectReason { get; private set; }

    /// <summary>Seconds; uint.MaxValue never expires.</summary>
    public uint ExpiryInterval { get; set; }

    public SessionCounters Counters { get; private set; } = new();
    public int SubscriptionCount => _subscriptions.Count;

    /// <summary>-1: infinity.</summary>
    public int SubscriptionMax => _settings.MaxSubscriptions;
    public int InflightCount => _inflight.Count;
    public int InflightMax { get; private set; } = 32;
    public int MqueueLength => _mqueue.Count;

    /// <summary>0: no limit.</summary>
    public int MqueueMax => _settings.MaxMqueueLength;
    public long MqueueDropped { get; private set; }
    /// <summary>Bytes of the messages that wait for the client, queued or in flight; a payload that waits for others too counts in full.</summary>
    public long HeldBytes { get; private set; }
    public int AwaitingRelCount => _awaitingRel?.Count ?? 0;

    /// <summary>0: no limit.</summary>
    public int AwaitingRelMax => _settings.MaxAwaitingRel;

    /// <summary>The will that waits for its delay, and when its time comes (steady milliseconds); null for none.</summary>
    public (Message Message, long At)? PendingWill { get; set; }

    public Message? TakePendingWill()
    {
        var will = PendingWill?.Message;
        PendingWill = null;
        return will;
    }

    /// <summary>What was under way when the session ended, until that is dealt with.</summary>
    public (InflightEntry[] Inflight, MqueueItem[] Queued) Leftovers { get; set; }

    /// <summary>A copy of the subscriptions as they are now.</summary>
    public Subscription[] GetSubscriptions()
    {
        lock (_gate)
            return _subscriptions.ToArray();
    }

    public Subscription? FindSubscription(string filter)
    {
        lock (_gate)
            return _subscriptions.Find(filter);
    }

    /// <summary>Adds or replaces; the one replaced is returned. The router is the caller's business.</summary>
    public Subscription? PutSubscription(Subscription subscription)
    {
        lock (_gate)
            return _subscriptions.Put(subscription);
    }

    public Subscription? RemoveSubscription(string filter)
    {
        lock (_gate)
            return _subscriptions.Remove(filter);
    }

    /// <summary>Copies the queue in the order of its delivery, for the API.</summary>
    public QueuedMessage[] GetQueued()
    {
        lock (_gate)
            return Array.ConvertAll(_mqueue.ToArray(), static q => new QueuedMessage(q.Item.Message, q.Item.Qos, q.Item.InsertedAt, q.Priority));
    }

    /// <summary>Copies the in-flight window, oldest first, for the API.</summary>
    public QueuedMessage[] GetInflight()
    {
        lock (_gate)
            return Array.ConvertAll(_inflight.ToArray(), static e => new QueuedMessage(e.Message, e.Qos, e.InsertedAt, 0));
    }

    /// <summary>A new connection counts from zero, as EMQX's do; one that is on its way out goes on with what was its own.</summary>
    public void CountAnew() => Counters = new();

    /// <summary>Connects a connection: from here on deliveries go out. What is in flight is sent again, then the queue.</summary>
    public void Attach(ISessionLink link, ClientInfo client, MqttSettings settings, uint expiryInterval)
    {
        lock (_gate)
        {
            Client = client;
            _settings = settings;
            ExpiryInterval = expiryInterval;
            InflightMax = Math.Min(settings.MaxInflight, client.ReceiveMaximum);
            DisconnectedAt = 0;
            PendingWill = null;
            Volatile.Write(ref _link, link);
            BeginReplay();
            Reschedule();
            if (_again is not null || _mqueue.Count != 0)
                Turns.Queue(Drain); // CONNECT is done at once: what waits may be much
        }

        Backlog?.HasRoom();
    }

    /// <summary>Lets a connection go, if it is still the one. The session waits from here on.</summary>
    public bool Detach(ISessionLink link, string reason, long now)
    {
        lock (_gate)
        {
            if (_link != link)
                return false;
            Volatile.Write(ref _link, null);
            DisconnectedAt = now;
            _awaySince = _context.Wheel.Steady;
            DisconnectReason = reason;
            Reschedule();
            return true;
        }
    }

    /// <summary>Ends the session: nothing is delivered or queued any more. Returns what was under way, for a share group's other members.</summary>
    public (InflightEntry[] Inflight, MqueueItem[] Queued) End()
    {
        lock (_gate)
        {
            _ended = true;
            Volatile.Write(ref _link, null);
            _context.Wheel.Clear(this);
            var left = (_inflight.ToArray(), Array.ConvertAll(_mqueue.ToArray(), static q => q.Item));
            foreach (var entry in left.Item1)
                Release(entry.Message);
            foreach (var item in left.Item2)
                Release(item.Message);
            _mqueue.Clear();
            _subscriptions.Clear();
            _again = null;
            _backlog = null;
            PendingWill = null;
            return left;
        }
    }

    /// <summary>Sets the timer anew after <see cref="PendingWill"/> or <see cref="ExpiryInterval"/> has changed.</summary>
    public void RescheduleNow()
    {
        lock (_gate)
            Reschedule();
    }

    protected internal override void OnDue(long now)
    {
        _context.OnDue(this, now);
        lock (_gate)
        {
            if (_ended)
                return;
            ForgetAwaitingRel(now);
            RetryLocked(now);
            Reschedule();
        }
    }

    /// <summary>When an offline session ends, steady milliseconds; long.MaxValue for never.</summary>
    public long ExpiresAt => IsConnected || ExpiryInterval == uint.MaxValue ? long.MaxValue : _awaySince + ExpiryInterval * 1000L;

    /// <summary>What waits for the client has grown over force_shutdown's max_heap_size; 0 there is no bound.</summary>
    public bool IsOverweight => _context.Zone.Current.Of(Client.Zone).ForceShutdown is { Enable: true, MaxHeapSize: > 0 } bounds
        && _mqueue.Weight + (long)_inflight.Count * MqueueItem.Overhead > bounds.MaxHeapSize;

    private void Reschedule()
    {
        if (_ended)
            return;
        var due = long.MaxValue;
        if (_link is null)
            due = Math.Min(ExpiresAt, PendingWill?.At ?? long.MaxValue);
        else if (_settings.RetryInterval > 0 && _inflight.Count > 0)
            due = _context.Wheel.Steady + _settings.RetryInterval / 4;
        if (_awaitingRel is { Count: > 0 } && _settings.AwaitRelTimeout >= 0)
            due = Math.Min(due, OldestAwaitingRel() + _settings.AwaitRelTimeout);
        if (due == long.MaxValue)
            _context.Wheel.Clear(this);
        else
            _context.Wheel.Set(this, due);
    }

    private long NextInsertedAt() => _lastInsertedAt = Math.Max(_lastInsertedAt + 1, _context.Wheel.Coarse * 1_000_000);

    private static bool IsMissing(ref InflightEntry entry) => Unsafe.IsNullRef(ref entry);
}

/// <param name="InsertedAt">Nanoseconds since 1970, unique and rising within the session.</param>
/// <param name="Priority">mqueue_priority; 0 where none.</param>
internal readonly record struct QueuedMessage(Message Message, byte Qos, long InsertedAt, int Priority);
