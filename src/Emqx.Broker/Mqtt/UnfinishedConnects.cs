namespace Emqx.Broker.Mqtt;

/// <summary>
/// What the node holds of CONNECT packets that have not arrived whole: of strangers, who may send the beginning and wait. The first bytes of
/// each are free, so that nobody who connects as clients do is ever refused for what others hold.
/// </summary>
internal sealed class UnfinishedConnects
{
    /// <summary>The largest CONNECT; EMQX has mqtt.max_packet_size alone, mosquitto 100,000 bytes.</summary>
    public const int LargestPacket = 256 * 1024;

    /// <summary>Bytes that each may hold without being counted.</summary>
    public const int Free = 4 * 1024;

    /// <summary>Bytes of all of them together.</summary>
    public const long Limit = 32 << 20;

    private long _held;

    /// <summary>Bytes that are held now, beyond the free ones.</summary>
    public long Held => Volatile.Read(ref _held);

    /// <summary>Whether so many bytes more may be held.</summary>
    public bool TryTake(int bytes)
    {
        if (Interlocked.Add(ref _held, bytes) <= Limit)
            return true;
        Return(bytes);
        return false;
    }

    public void Return(int bytes) => Interlocked.Add(ref _held, -bytes);
}
