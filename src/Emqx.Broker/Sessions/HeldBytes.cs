using System.Runtime.CompilerServices;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Sessions;

/// <summary>
/// Bytes that the clients of the node make it keep: messages in queues and in flight, topic aliases, CONNECT packets that wait for a verdict.
/// A large payload counts once however many it waits for. Sessions tell in portions, each into one of several cells: the sum is right to some
/// kilobytes a session.
/// </summary>
internal sealed class HeldBytes
{
    /// <summary>What a message costs beside its bytes: places in queue and window, the objects.</summary>
    private const int Overhead = 300;

    private const int LargePayload = 1024;
    private const int Portion = 8192;
    private const int CellCount = 16;
    private const int CellSize = 16; // longs: no two cells share a line of the cache

    /// <summary>What waits for one client, in bytes, that the node leaves alone however short of memory it is.</summary>
    public const long Share = 1 << 20;

    private readonly long[] _cells = new long[CellCount * CellSize];
    private int _pressure;

    /// <summary>How short of memory the node is for all of it together.</summary>
    public MemoryPressure Pressure
    {
        get => (MemoryPressure)Volatile.Read(ref _pressure);
        set => Volatile.Write(ref _pressure, (int)value);
    }

    /// <summary>The sum of the moment.</summary>
    public long Total
    {
        get
        {
            var total = 0L;
            for (var i = 0; i < _cells.Length; i += CellSize)
                total += Volatile.Read(ref _cells[i]);
            return Math.Max(0, total);
        }
    }

    /// <summary>What a message costs the one it waits for.</summary>
    public static int SizeOf(Message message) => Overhead + message.Payload.Length + message.Properties.Length;

    /// <summary>A message begins to wait for one more client.</summary>
    /// <param name="message">What waits.</param>
    /// <param name="untold">What the session has not told yet.</param>
    public void Hold(Message message, ref long untold)
    {
        var size = SizeOf(message);
        if (message.Payload.Length > LargePayload)
        {
            size -= message.Payload.Length;
            if (message.Hold())
                Add(message, message.Payload.Length);
        }

        untold += size;
        if (untold > Portion)
            Tell(message, ref untold);
    }

    /// <summary>A message waits for one client less.</summary>
    /// <param name="message">What has waited.</param>
    /// <param name="untold">What the session has not told yet.</param>
    public void Release(Message message, ref long untold)
    {
        var size = SizeOf(message);
        if (message.Payload.Length > LargePayload)
        {
            size -= message.Payload.Length;
            if (message.Release())
                Add(message, -message.Payload.Length);
        }

        untold -= size;
        if (untold < -Portion)
            Tell(message, ref untold);
    }

    /// <summary>Counts what is kept beside messages; less than 0 for what is kept no more.</summary>
    /// <param name="owner">For whom.</param>
    /// <param name="bytes">How much.</param>
    public void Add(object owner, long bytes) =>
        Interlocked.Add(ref _cells[(RuntimeHelpers.GetHashCode(owner) & (CellCount - 1)) * CellSize], bytes);

    // Any spread over the cells will do: that of the messages is there already.
    private void Tell(Message any, ref long untold)
    {
        Add(any, untold);
        untold = 0;
    }
}
