namespace Emqx.Broker.Sessions;

/// <summary>
/// What <c>/clients</c> counts for one client. Received fields are written by the connection's reader, sent ones under
/// the session's lock; read at any time without a lock.
/// </summary>
internal sealed class SessionCounters
{
    public long ReceivedBytes, ReceivedPackets, ReceivedMessages, ReceivedQos0, ReceivedQos1, ReceivedQos2;
    public long ReceivedDropped, ReceivedDroppedAwaitPubrelTimeout;
    public long SentBytes, SentPackets, SentMessages, SentQos0, SentQos1, SentQos2;
    public long SentDropped, SentDroppedExpired, SentDroppedQueueFull, SentDroppedTooLarge;

    /// <summary>A new connection counts from zero, as EMQX's do.</summary>
    public void Reset()
    {
        ReceivedBytes = ReceivedPackets = ReceivedMessages = ReceivedQos0 = ReceivedQos1 = ReceivedQos2 = 0;
        ReceivedDropped = ReceivedDroppedAwaitPubrelTimeout = 0;
        SentBytes = SentPackets = SentMessages = SentQos0 = SentQos1 = SentQos2 = 0;
        SentDropped = SentDroppedExpired = SentDroppedQueueFull = SentDroppedTooLarge = 0;
    }
}
