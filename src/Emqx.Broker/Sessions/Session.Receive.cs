using Emqx.Broker.Metrics;

namespace Emqx.Broker.Sessions;

/// <summary>From the client: QoS 2 publishes that wait for their PUBREL.</summary>
internal sealed partial class Session
{
    private HashSet<ushort>? _unanswered;

    /// <summary>Notes a QoS 2 publish (MQTT 5, 4.3.3).</summary>
    public Qos2Outcome BeginQos2(ushort packetId, long now)
    {
        lock (_gate)
        {
            if (_awaitingRel?.ContainsKey(packetId) == true)
                return Qos2Outcome.InUse;
            if (_settings.MaxAwaitingRel > 0 && AwaitingRelCount >= _settings.MaxAwaitingRel)
                return Qos2Outcome.TooMany;
            (_awaitingRel ??= []).Add(packetId, now);
            if (_awaitingRel.Count == 1)
                Reschedule();
            return Qos2Outcome.New;
        }
    }

    /// <summary>A QoS 2 publish waits for a hook before its PUBREC, or does not any more.</summary>
    public void SetUnanswered(ushort packetId, bool waits)
    {
        lock (_gate)
        {
            if (waits)
                (_unanswered ??= []).Add(packetId);
            else
                _unanswered?.Remove(packetId);
        }
    }

    /// <summary>Whether a QoS 2 publish has not got its PUBREC yet: one of the same id is the same message, sent again.</summary>
    public bool IsUnanswered(ushort packetId)
    {
        lock (_gate)
            return _unanswered?.Contains(packetId) == true;
    }

    /// <summary>PUBREL. False: unknown identifier.</summary>
    public bool EndQos2(ushort packetId)
    {
        lock (_gate)
            return _awaitingRel?.Remove(packetId) == true;
    }

    private long OldestAwaitingRel()
    {
        var oldest = long.MaxValue;
        foreach (var at in _awaitingRel!.Values)
            oldest = Math.Min(oldest, at);
        return oldest;
    }

    private void ForgetAwaitingRel(long now)
    {
        if (_awaitingRel is not { Count: > 0 } || _settings.AwaitRelTimeout < 0)
            return;
        foreach (var (id, at) in _awaitingRel)
        {
            if (at + _settings.AwaitRelTimeout > now)
                continue;
            _awaitingRel.Remove(id);
            Counters.ReceivedDropped++;
            Counters.ReceivedDroppedAwaitPubrelTimeout++;
            _context.Counters.Increment(Metric.MessagesDropped);
            _context.Counters.Increment(Metric.MessagesDroppedAwaitPubrelTimeout);
        }
    }
}

/// <summary>What a QoS 2 publish meets.</summary>
internal enum Qos2Outcome
{
    New,
    InUse,
    TooMany,
}
