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
}
