using Emqx.Broker.Hooks;

namespace Emqx.Broker.Modules.Memory;

/// <summary>
/// Hands memory back to the system when a burst is over. The runtime keeps what a burst has filled until the next full collection, and
/// after a burst there is nothing that would bring one about.
/// </summary>
internal sealed class MemoryTrim(IHeap heap) : INodeModule
{
    /// <summary>Bytes allocated a second, below which the node is calm.</summary>
    public const long CalmRate = 8 << 20;

    /// <summary>Bytes allocated by bursts since the last trim, above which a trim may bring something.</summary>
    public const long WorthIt = 32 << 20;

    /// <summary>Bytes allocated in calm seconds since the last trim, above which the heap is swept beside the node's work.</summary>
    public const long WorthSweeping = 512 << 20;

    /// <summary>The heap that is compacted at once, in bytes: it stops the node for a few tenths of a second at most. A larger one is only swept beside it.</summary>
    public const long MostAtOnce = 256 << 20;

    /// <summary>How many calm seconds make the end of a burst.</summary>
    public const int CalmSeconds = 5;

    /// <summary>How often the heap is collected after a burst.</summary>
    public const int Rounds = 3;

    /// <summary>Seconds between them. Buffers that are kept for reuse go only when they have lain unused for a minute.</summary>
    public const int BetweenRounds = 75;

    /// <summary>Seconds after a sweep, which has told how much is alive.</summary>
    public const int AfterSweep = 5;

    private long _allocated;
    private long _bursts;
    private long _slow;
    private int _calm = CalmSeconds - 1; // the start is a burst, too: what it leaves goes in the first calm second
    private int _rounds = 1;
    private int _wait;

    public ValueTask TickAsync(long now, CancellationToken cancellation)
    {
        var allocated = heap.Allocated;
        var passed = allocated - _allocated;
        _allocated = allocated;
        var isCalm = passed < CalmRate;
        _calm = isCalm ? _calm + 1 : 0;
        _slow += isCalm ? passed : 0;
        _bursts += isCalm ? 0 : passed;
        if (_bursts > WorthIt)
            (_bursts, _rounds, _wait) = (0, Rounds, CalmSeconds);
        if (_rounds > 0 && --_wait <= 0 && _calm >= CalmSeconds)
            Trim();
        else if (_slow > WorthSweeping)
            Sweep();
        return ValueTask.CompletedTask;
    }

    private void Trim()
    {
        var atOnce = heap.Live < MostAtOnce;
        heap.Collect(atOnce);
        _slow = 0;
        _rounds--;
        _wait = atOnce ? BetweenRounds : AfterSweep;
    }

    private void Sweep()
    {
        heap.Collect(atOnce: false);
        _slow = 0;
    }
}
