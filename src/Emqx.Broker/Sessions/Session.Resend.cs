namespace Emqx.Broker.Sessions;

/// <summary>What goes out a second time: to a client that has come back, or that has not acknowledged it within the retry interval.</summary>
internal sealed partial class Session
{
    private InflightEntry[]? _again; // as they were; each is looked up before it goes out
    private int _againAt;

    /// <summary>Sends again, in its first order, what a resumed client has not acknowledged (MQTT 5, 4.4), as far as there is room on the way out.</summary>
    private void BeginReplay() => (_again, _againAt) = (_inflight.Count == 0 ? null : _inflight.ToArray(), 0);

    /// <summary>Goes on sending again. False: there is no room for more, and nothing else may overtake it.</summary>
    private bool TrySendAgain(ISessionLink link)
    {
        if (_again is not { } entries)
            return true;
        for (; _againAt < entries.Length; _againAt++)
        {
            ref var entry = ref _inflight.Find(entries[_againAt].PacketId);
            if (!IsMissing(ref entry) && entry.InsertedAt == entries[_againAt].InsertedAt && !TrySendAgain(link, ref entry))
                return false;
        }

        _again = null;
        return true;
    }

    private bool TrySendAgain(ISessionLink link, ref InflightEntry entry)
    {
        entry.SentAt = _context.Wheel.Steady;
        if (entry.Released)
        {
            link.SendPubRel(entry.PacketId);
            return true;
        }

        // What expired while the client was away is not worth sending again; QoS 2 has state to keep with the client.
        var sent = entry.Qos == 1 && entry.Message.IsExpired(_context.Wheel.Coarse)
            ? SendOutcome.Expired
            : link.SendPublish(entry.Message, entry.Subscription, entry.Qos, entry.Retain, dup: true, entry.PacketId);
        if (sent is SendOutcome.Full or SendOutcome.Closed)
            return false;
        if (sent != SendOutcome.Sent)
        {
            var message = entry.Message;
            Forget(ref entry);
            Drop(message, sent);
        }

        return true;
    }

    private void StartRetry(ushort id)
    {
        _inflight.Find(id).SentAt = _context.Wheel.Steady;
        if (Slot < 0)
            _context.Wheel.Set(this, _context.Wheel.Steady + _settings.RetryInterval);
    }

    private void RetryLocked(long now)
    {
        if (_settings.RetryInterval <= 0 || _link is not { } link || _again is not null)
            return;
        var due = Array.FindAll(_inflight.ToArray(), entry => entry.SentAt + _settings.RetryInterval <= now);
        if (due.Length == 0)
            return;
        (_again, _againAt) = (due, 0);
        TrySendAgain(link);
    }
}
