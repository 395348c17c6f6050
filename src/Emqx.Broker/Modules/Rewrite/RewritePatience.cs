using System.Collections.Concurrent;
using Emqx.Broker.Timing;

namespace Emqx.Broker.Modules.Rewrite;

/// <summary>
/// How often the topics of a client may make patterns run out of time: a pattern that needs backtracking has a bound for each topic, and a
/// client may send many. After a few, its topics stay as they are for the rest of a minute.
/// </summary>
internal sealed class RewritePatience(TimeProvider time)
{
    private const int Chances = 3;
    private const int MostClients = 1000;
    private const long Window = 60_000;

    private readonly ConcurrentDictionary<string, int> _slow = new(StringComparer.Ordinal);
    private long _until;

    /// <summary>Whether patterns with backtracking are not tried on this client's topics. Nor on those of strangers, while too many are slow.</summary>
    public bool IsOver(string clientId)
    {
        if (_slow.IsEmpty)
            return false;
        if (_slow.TryGetValue(clientId, out var times))
            return times >= Chances;
        return _slow.Count >= MostClients;
    }

    /// <summary>A topic of this client took too long.</summary>
    public void Spend(string clientId)
    {
        if (_slow.IsEmpty)
            Volatile.Write(ref _until, time.SteadyMilliseconds() + Window);
        _slow.AddOrUpdate(clientId, 1, static (_, times) => times + 1);
    }

    /// <summary>Begins anew when the minute is over.</summary>
    public void Tick()
    {
        if (!_slow.IsEmpty && time.SteadyMilliseconds() >= Volatile.Read(ref _until))
            Clear();
    }

    /// <summary>Forgets who was slow.</summary>
    public void Clear() => _slow.Clear();
}
