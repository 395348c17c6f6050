using System.Buffers.Binary;
using Emqx.Broker.Hooks;
using Emqx.Broker.Metrics;
using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;

namespace Emqx.Broker.Sessions;

/// <summary>From the router to the client: deliver, queue, send again.</summary>
internal sealed partial class Session
{
    /// <summary>Delivers, or queues, a message that the router matched.</summary>
    public void Deliver(Message message, Subscription subscription, bool fromRetained)
    {
        var qos = QosOf(message.Qos, subscription);
        var retain = message.Retain && (fromRetained || subscription.Options.RetainAsPublished);
        var link = Volatile.Read(ref _link);
        if (qos == 0 && link is not null)
        {
            // QoS 0 passes a full window by, as EMQX lets it.
            var sent = link.SendPublish(message, subscription, qos, retain, dup: false, packetId: 0);
            if (sent != SendOutcome.Closed)
            {
                if (sent == SendOutcome.Sent)
                    link.FlushIfLarge();
                else
                    Drop(message, sent);
                return;
            }
        }

        lock (_gate)
        {
            link = _link;
            if (_ended)
                return;
            if (link is null || _again is not null || _mqueue.Count != 0 || _inflight.Count >= InflightMax)
                Enqueue(message, subscription, qos, retain);
            else if (!SendNow(link, message, subscription, qos, retain))
                Enqueue(message, subscription, qos, retain);
        }

        link?.FlushIfLarge();
    }

    /// <summary>Delivers messages that the router matched, together where they can all go out now.</summary>
    public void Deliver(MessageRun run, Subscription subscription)
    {
        if (Volatile.Read(ref _link) is { } link && TrySend(link, run, subscription))
        {
            link.FlushIfLarge();
            return;
        }

        foreach (var message in run.Messages)
            Deliver(message, subscription, fromRetained: false);
    }

    private bool TrySend(ISessionLink link, MessageRun run, Subscription subscription)
    {
        var upgrades = _settings.UpgradeQos;
        if (QosOf(run.MostQos, subscription) == 0)
            return link.TrySendRun(run, subscription, upgrades, []);
        Span<ushort> ids = stackalloc ushort[MessageRun.Most];
        lock (_gate)
        {
            if (_link != link || _ended || _again is not null || _mqueue.Count != 0 || _inflight.Count + run.Messages.Length > InflightMax)
                return false;
            ids = ids[..run.Messages.Length];
            for (var i = 0; i < ids.Length; i++)
                ids[i] = TakePlace(run.Messages[i], subscription);
            if (link.TrySendRun(run, subscription, upgrades, ids))
                return true;
            foreach (var id in ids)
            {
                if (id != 0)
                    Forget(ref _inflight.Find(id));
            }

            return false;
        }
    }

    private byte QosOf(byte published, Subscription subscription) => subscription.Options.QosOf(published, _settings.UpgradeQos);

    /// <summary>The place in the window of a message that is being published; 0 for one that needs none.</summary>
    private ushort TakePlace(Message message, Subscription subscription)
    {
        var qos = QosOf(message.Qos, subscription);
        return qos == 0 ? (ushort)0 : TakePlace(message, subscription, qos, message.Retain && subscription.Options.RetainAsPublished);
    }

    private ushort TakePlace(Message message, Subscription subscription, byte qos, bool retain)
    {
        var id = _inflight.Add(message, subscription, qos, retain, NextInsertedAt());
        Hold(message);
        if (_settings.RetryInterval > 0)
            StartRetry(id);
        return id;
    }

    /// <summary>There is room again on the way out.</summary>
    public void Drain()
    {
        lock (_gate)
        {
            if (_link is { } link)
                DrainLocked(link);
        }

        Backlog?.HasRoom();
    }

    /// <summary>PUBACK of a QoS 1 delivery. False: unknown identifier.</summary>
    public bool PubAck(ushort packetId)
    {
        lock (_gate)
        {
            if (!TrySettle(packetId))
                return false;
            GoOn();
            return true;
        }
    }

    /// <summary>PUBACKs that have come in a row, each of four bytes. Returns how many were of unknown identifiers.</summary>
    public int PubAcks(ReadOnlySpan<byte> packets)
    {
        var missed = 0;
        ISessionLink? link;
        lock (_gate)
        {
            for (var at = 2; at < packets.Length; at += 4)
            {
                if (!TrySettle(BinaryPrimitives.ReadUInt16BigEndian(packets[at..])))
                    missed++;
            }

            GoOn();
            link = _inflight.Count == InflightMax ? _link : null;
        }

        link?.Flush(); // the window is full again: nothing follows that could go with it
        return missed;
    }

    /// <summary>PUBREC of a QoS 2 delivery: PUBREL is due, unless the client refused the message. False: unknown identifier.</summary>
    public bool PubRec(ushort packetId, byte reasonCode, out bool release)
    {
        release = true;
        lock (_gate)
        {
            ref var entry = ref _inflight.Find(packetId);
            if (IsMissing(ref entry) || entry.Qos != 2)
                return false;
            if (reasonCode >= ReasonCode.UnspecifiedError)
            {
                release = false;
                Acknowledge(ref entry);
            }
            else
            {
                entry.Released = true;
            }

            return true;
        }
    }

    /// <summary>PUBCOMP of a QoS 2 delivery. False: unknown identifier.</summary>
    public bool PubComp(ushort packetId)
    {
        lock (_gate)
        {
            ref var entry = ref _inflight.Find(packetId);
            if (IsMissing(ref entry) || !entry.Released)
                return false;
            Acknowledge(ref entry);
            return true;
        }
    }

    private bool TrySettle(ushort packetId)
    {
        ref var entry = ref _inflight.Find(packetId);
        if (IsMissing(ref entry) || entry.Qos != 1)
            return false;
        Settle(ref entry);
        return true;
    }

    private void Acknowledge(ref InflightEntry entry)
    {
        Settle(ref entry);
        GoOn();
    }

    private void Settle(ref InflightEntry entry)
    {
        var (message, qos, insertedAt) = (entry.Message, entry.Qos, entry.InsertedAt);
        Forget(ref entry);
        _context.Counters.Increment(Metric.MessagesAcked);
        var hooks = _context.Hooks;
        if (hooks.MessageAcked.IsUsed)
            hooks.MessageAcked.Tell(new MessageDelivered(this, message, qos, _context.Wheel.Coarse));
        if (hooks.DeliveryCompleted.IsUsed)
            hooks.DeliveryCompleted.Tell(new DeliveryCompleted(this, message, insertedAt / 1_000_000, _context.Wheel.Coarse));
    }

    /// <summary>There is room in the window: what waits for it follows.</summary>
    private void GoOn()
    {
        if (_link is { } link && _mqueue.Count != 0)
            DrainLocked(link);
        if (_backlog is not null && _mqueue.Count == 0 && _inflight.Count <= InflightMax / 2)
            Backlog?.HasRoom();
    }

    private void DrainLocked(ISessionLink link)
    {
        if (!TrySendAgain(link))
            return;
        while (_inflight.Count < InflightMax && _mqueue.TryPeek(out var item))
        {
            if (item.Message.IsExpired(_context.Wheel.Coarse))
                Drop(item.Message, SendOutcome.Expired);
            else if (!SendNow(link, item.Message, item.Subscription, item.Qos, item.Retain))
                return;
            _mqueue.Dequeue();
            Release(item.Message);
        }
    }

    /// <summary>Sends at once. False: the way out is full or closed, and the message should wait.</summary>
    private bool SendNow(ISessionLink link, Message message, Subscription subscription, byte qos, bool retain)
    {
        var id = qos == 0 ? (ushort)0 : TakePlace(message, subscription, qos, retain);
        var sent = link.SendPublish(message, subscription, qos, retain, dup: false, id);
        if (sent == SendOutcome.Sent)
        {
            if (qos == 0 && _context.Hooks.DeliveryCompleted.IsUsed)
                _context.Hooks.DeliveryCompleted.Tell(new DeliveryCompleted(this, message, _context.Wheel.Coarse, _context.Wheel.Coarse));
            return true;
        }

        if (qos != 0)
            Forget(ref _inflight.Find(id));
        if (sent is SendOutcome.Full or SendOutcome.Closed)
            return false;
        Drop(message, sent);
        return true;
    }

    private void Enqueue(Message message, Subscription subscription, byte qos, bool retain)
    {
        var pressure = _context.Held.Pressure;
        if (qos == 0 && (!_settings.MqueueStoreQos0 || pressure != MemoryPressure.None))
        {
            Drop(message, SendOutcome.Qos0NotStored);
            return;
        }

        var item = new MqueueItem(message, subscription, qos, retain, NextInsertedAt());
        // Short of memory, what is above its share takes a new message in the place of an old one.
        var most = pressure == MemoryPressure.High && HeldBytes > Sessions.HeldBytes.Share ? Math.Max(1, _mqueue.Count) : _settings.MaxMqueueLength;
        if (_mqueue.Enqueue(item, PriorityOf(message.Topic), most, out var dropped))
        {
            MqueueDropped++;
            Release(dropped.Message);
            Drop(dropped.Message, SendOutcome.Full);
        }

        Hold(message);

        if (IsOverweight)
            _context.Wheel.Set(this, _context.Wheel.Steady); // the table ends it, outside of this lock
    }

    private void Forget(ref InflightEntry entry)
    {
        Release(entry.Message);
        _inflight.Remove(ref entry);
    }

    private void Hold(Message message)
    {
        HeldBytes += Sessions.HeldBytes.SizeOf(message);
        _context.Held.Hold(message, ref _untold);
    }

    private void Release(Message message)
    {
        HeldBytes -= Sessions.HeldBytes.SizeOf(message);
        _context.Held.Release(message, ref _untold);
    }

    private int PriorityOf(string topic)
    {
        if (_settings.MqueuePriorities is not { } priorities)
            return 0;
        return priorities.TryGetValue(topic, out var priority) ? priority : _settings.MqueueDefaultPriorityHighest ? Mqueue.HighestPriority : 0;
    }

    private void Drop(Message message, SendOutcome why)
    {
        var cells = _context.Counters.Mine();
        cells[(int)Metric.DeliveryDropped]++;
        Counters.SentDropped++;
        string reason;
        switch (why)
        {
            case SendOutcome.Expired:
                cells[(int)Metric.DeliveryDroppedExpired]++;
                Counters.SentDroppedExpired++;
                reason = "expired";
                break;
            case SendOutcome.TooLarge:
                cells[(int)Metric.DeliveryDroppedTooLarge]++;
                Counters.SentDroppedTooLarge++;
                reason = "too_large";
                break;
            case SendOutcome.Qos0NotStored:
                cells[(int)Metric.DeliveryDroppedQos0Msg]++;
                reason = "qos0_msg";
                break;
            default:
                cells[(int)Metric.DeliveryDroppedQueueFull]++;
                Counters.SentDroppedQueueFull++;
                reason = "queue_full";
                break;
        }

        if (_context.Hooks.MessageDropped.IsUsed)
            _context.Hooks.MessageDropped.Tell(new MessageDropped(message, this, reason));
    }
}
