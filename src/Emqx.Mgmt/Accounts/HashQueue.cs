namespace Emqx.Mgmt.Accounts;

/// <summary>Where a hash stands in the queue.</summary>
/// <param name="Origin">Who wants it; null: the node, or somebody who has shown credentials already.</param>
/// <param name="Failures">Wrong passwords of that origin lately: who has fewer goes first.</param>
internal readonly record struct HashTurn(LoginOrigin? Origin, int Failures);

/// <summary>Hashes that wait: few of one origin, not many in all, and those first whose origin has been wrong least often. Not for several threads.</summary>
internal sealed class HashQueue<T> where T : class
{
    /// <summary>How many of one origin may wait.</summary>
    public const int MostOfOne = 4;

    /// <summary>How many may wait in all.</summary>
    public const int Most = 256;

    private readonly List<(HashTurn Turn, T Job)> _waiting = [];

    public int Count => _waiting.Count;

    /// <summary>Puts a job in its place. False where there is none; <paramref name="displaced"/> had to make room for it.</summary>
    public bool TryAdd(HashTurn turn, T job, out T? displaced)
    {
        displaced = null;
        if (turn.Origin is not null && _waiting.Count(one => one.Turn.Origin == turn.Origin) >= MostOfOne)
            return false;
        var place = _waiting.FindIndex(one => PrecedenceOf(one.Turn) > PrecedenceOf(turn));
        if (_waiting.Count < Most || turn.Origin is null)
        {
            _waiting.Insert(place < 0 ? _waiting.Count : place, (turn, job));
            return true;
        }

        if (place < 0)
            return false;
        displaced = _waiting[^1].Job;
        _waiting.RemoveAt(_waiting.Count - 1);
        _waiting.Insert(place, (turn, job));
        return true;
    }

    /// <summary>The next job.</summary>
    public T Take()
    {
        var (_, job) = _waiting[0];
        _waiting.RemoveAt(0);
        return job;
    }

    private static int PrecedenceOf(HashTurn turn) => turn.Origin is null ? -1 : turn.Failures;
}
