namespace Emqx.Broker.Modules.SlowSubs;

/// <summary>The slowest deliveries, one for each client and topic. What is not slow enough is turned away without a lock.</summary>
internal sealed class SlowRanking
{
    private static readonly Comparer<SlowDelivery> s_fastestFirst = Comparer<SlowDelivery>.Create(Compare);

    private readonly Lock _gate = new();
    private readonly Dictionary<(string ClientId, string Topic), SlowDelivery> _byPlace = [];
    private readonly SortedSet<SlowDelivery> _bySpan = new(s_fastestFirst);
    private long _least = -1; // what a delivery must exceed; -1 while there is room

    /// <summary>Whether a delivery that took so long may have a place.</summary>
    public bool Wants(long timespan) => timespan > Volatile.Read(ref _least);

    /// <summary>Takes a delivery in, in place of a faster one: that of the same client and topic, or the fastest of all where there are enough.</summary>
    public void Add(SlowDelivery slow, int most)
    {
        lock (_gate)
        {
            if (_byPlace.TryGetValue((slow.ClientId, slow.Topic), out var old))
            {
                if (slow.Timespan <= old.Timespan)
                    return;
                Remove(old);
            }
            else if (_byPlace.Count >= most && _bySpan.Min is { } fastest)
            {
                if (slow.Timespan <= fastest.Timespan)
                    return;
                Remove(fastest);
            }

            _byPlace[(slow.ClientId, slow.Topic)] = slow;
            _bySpan.Add(slow);
            FindLeast(most);
        }
    }

    /// <summary>All, the slowest first.</summary>
    public SlowDelivery[] ToArray()
    {
        lock (_gate)
            return [.. _bySpan.Reverse()];
    }

    /// <summary>Keeps the slowest, and only those that were seen after a moment.</summary>
    /// <param name="after">Steady milliseconds.</param>
    /// <param name="most">How many.</param>
    public void Trim(long after, int most)
    {
        lock (_gate)
        {
            foreach (var slow in _bySpan.Where(slow => slow.SteadyAt <= after).ToList())
                Remove(slow);
            while (_bySpan.Count > most && _bySpan.Min is { } fastest)
                Remove(fastest);
            FindLeast(most);
        }
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _byPlace.Clear();
            _bySpan.Clear();
            Volatile.Write(ref _least, -1);
        }
    }

    private void Remove(SlowDelivery slow)
    {
        _byPlace.Remove((slow.ClientId, slow.Topic));
        _bySpan.Remove(slow);
    }

    private void FindLeast(int most) => Volatile.Write(ref _least, _bySpan.Count >= most && _bySpan.Min is { } fastest ? fastest.Timespan : -1);

    private static int Compare(SlowDelivery? one, SlowDelivery? other)
    {
        var order = one!.Timespan.CompareTo(other!.Timespan);
        if (order == 0)
            order = string.CompareOrdinal(one.ClientId, other.ClientId);
        return order != 0 ? order : string.CompareOrdinal(one.Topic, other.Topic);
    }
}
