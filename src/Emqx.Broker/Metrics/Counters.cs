namespace Emqx.Broker.Metrics;

/// <summary>
/// The node's counters since its start. Each thread writes to an array of its own without locks or interlocked
/// operations; a reader adds the arrays up.
/// </summary>
internal sealed class Counters
{
    private static readonly int s_width = Metric.Names.Length + 16; // room so that two threads' arrays share no cache line

    [ThreadStatic]
    private static Slot? s_slot;

    private readonly Lock _gate = new();
    private Slot[] _slots = [];

    /// <summary>What the counters stood at when they were last reset: no thread's cells are ever set back.</summary>
    private long[] _start = new long[Metric.Names.Length];

    private sealed class Slot(Counters owner, Thread thread)
    {
        public readonly Counters Owner = owner;
        public Thread Thread = thread;
        public readonly long[] Values = new long[s_width];
    }

    /// <summary>Adds one.</summary>
    public void Increment(Metric metric) => Mine()[(int)metric]++;

    /// <summary>Adds <paramref name="amount"/>.</summary>
    public void Add(Metric metric, long amount) => Mine()[(int)metric] += amount;

    /// <summary>The calling thread's own cells, for code that bumps several in a row. Never keep it.</summary>
    public long[] Mine()
    {
        var slot = s_slot;
        return slot is not null && ReferenceEquals(slot.Owner, this) ? slot.Values : Register().Values;
    }

    /// <summary>The value of one counter, summed over all threads.</summary>
    public long Read(Metric metric)
    {
        var sum = -Volatile.Read(ref _start)[(int)metric];
        foreach (var slot in Volatile.Read(ref _slots))
            sum += Volatile.Read(ref slot.Values[(int)metric]);
        return sum;
    }

    /// <summary>All counters, indexed by <see cref="Metric"/>.</summary>
    public void ReadAll(Span<long> into)
    {
        Sum(into);
        var start = Volatile.Read(ref _start);
        for (var i = 0; i < start.Length; i++)
            into[i] -= start[i];
    }

    /// <summary>Counts from 0 again.</summary>
    public void Reset()
    {
        var start = new long[Metric.Names.Length];
        Sum(start);
        Volatile.Write(ref _start, start);
    }

    private void Sum(Span<long> into)
    {
        into[..Metric.Names.Length].Clear();
        foreach (var slot in Volatile.Read(ref _slots))
        {
            for (var i = 0; i < Metric.Names.Length; i++)
                into[i] += Volatile.Read(ref slot.Values[i]);
        }
    }

    private Slot Register()
    {
        lock (_gate)
        {
            var current = Thread.CurrentThread;
            foreach (var old in _slots)
            {
                // A thread that comes back from another instance, or one that has ended, leaves its sums behind for reuse.
                if (old.Thread != current && old.Thread.IsAlive)
                    continue;
                old.Thread = current;
                return s_slot = old;
            }

            var slot = new Slot(this, current);
            Volatile.Write(ref _slots, [.. _slots, slot]);
            return s_slot = slot;
        }
    }
}
