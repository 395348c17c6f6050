namespace Emqx.Broker.Access;

/// <summary>What was to be authorized: a kind of access to a topic.</summary>
internal readonly record struct AuthorizationAccess(bool IsPublish, byte Qos, bool Retain, string Topic);

/// <param name="UpdatedAt">When it was decided, steady milliseconds; the Unix ones of that where the API reads it.</param>
internal readonly record struct AuthorizationCacheEntry(AuthorizationAccess Access, bool IsAllowed, long UpdatedAt);

/// <summary>What counts when a cache is asked.</summary>
/// <param name="Now">Steady milliseconds.</param>
/// <param name="Ttl">How long a decision counts, milliseconds.</param>
/// <param name="MaxSize">Decisions at most.</param>
/// <param name="Generation">Decisions of an earlier one are forgotten.</param>
internal readonly record struct AuthorizationCacheTerms(long Now, long Ttl, int MaxSize, int Generation);

/// <summary>
/// The authorization decisions that a connection remembers (EMQX's authz cache): newest last, the oldest goes when it is
/// full. Written by the connection, read and emptied by the API. Made at the first decision, grown as needed.
/// </summary>
internal sealed class AuthorizationCache
{
    /// <summary>Up to so many are looked through; more have an index.</summary>
    private const int Few = 32;

    /// <summary>What all together may weigh, in characters of topics: 4 MB.</summary>
    private const int MostWeight = 2 << 20;

    /// <summary>What a decision weighs beside its topic.</summary>
    private const int Overhead = 64;

    private readonly Lock _gate = new();
    private AuthorizationCacheEntry[] _entries = [];
    private int _count;
    private ManyDecisions? _many;
    private int _weight;
    private int _generation;

    /// <summary>The remembered decision, if there is one that still counts.</summary>
    public bool TryGet(in AuthorizationAccess access, in AuthorizationCacheTerms terms, out bool isAllowed)
    {
        lock (_gate)
        {
            Forget(terms.Generation);
            if (_many is not null)
                return IsCurrent(_many.TryGet(access, out var found), found, terms, out isAllowed);

            // Newest first: a client mostly repeats what it has just done.
            for (var i = _count - 1; i >= 0; i--)
            {
                if (_entries[i].Access == access)
                    return IsCurrent(isFound: true, _entries[i], terms, out isAllowed);
            }
        }

        isAllowed = false;
        return false;
    }

    /// <summary>Remembers a decision that was begun on these terms.</summary>
    public void Put(in AuthorizationAccess access, bool isAllowed, in AuthorizationCacheTerms terms)
    {
        lock (_gate)
        {
            if (terms.MaxSize <= 0 || terms.Generation != _generation)
                return;
            Remove(access);
            while (Count > 0 && (Count >= terms.MaxSize || _weight + WeightOf(access.Topic) > MostWeight))
                RemoveOldest();
            Add(new AuthorizationCacheEntry(access, isAllowed, terms.Now), terms.MaxSize);
        }
    }

    /// <summary>A copy of those that still count, oldest first.</summary>
    public AuthorizationCacheEntry[] Read(in AuthorizationCacheTerms terms)
    {
        lock (_gate)
        {
            Forget(terms.Generation);
            while (Count > 0 && terms.Now - Oldest.UpdatedAt >= terms.Ttl)
                RemoveOldest();
            return _many is null ? _entries.AsSpan(0, _count).ToArray() : _many.ToArray();
        }
    }

    public void Clear()
    {
        lock (_gate)
            Empty();
    }

    private int Count => _many?.Count ?? _count;

    private AuthorizationCacheEntry Oldest => _many?.Oldest ?? _entries[0];

    private static bool IsCurrent(bool isFound, in AuthorizationCacheEntry entry, in AuthorizationCacheTerms terms, out bool isAllowed)
    {
        isAllowed = isFound && entry.IsAllowed;
        return isFound && terms.Now - entry.UpdatedAt < terms.Ttl;
    }

    private static int WeightOf(string topic) => topic.Length + Overhead;

    private void Forget(int generation)
    {
        if (generation == _generation)
            return;
        Empty();
        _generation = generation;
    }

    private void Empty()
    {
        _entries = [];
        _many = null;
        (_count, _weight) = (0, 0);
    }

    private void Add(in AuthorizationCacheEntry entry, int most)
    {
        _weight += WeightOf(entry.Access.Topic);
        if (_many is null && _count == Few)
            Index();
        if (_many is not null)
        {
            _many.Add(entry);
            return;
        }

        if (_count == _entries.Length)
            Array.Resize(ref _entries, Math.Min(Math.Min(most, Few), Math.Max(1, _count * 2)));
        _entries[_count++] = entry;
    }

    private void Index()
    {
        _many = new();
        foreach (var entry in _entries.AsSpan(0, _count))
            _many.Add(entry);
        _entries = [];
        _count = 0;
    }

    private void Remove(in AuthorizationAccess access)
    {
        if (_many is not null)
        {
            if (_many.Remove(access) is { } removed)
                _weight -= WeightOf(removed);
            return;
        }

        for (var i = 0; i < _count; i++)
        {
            if (_entries[i].Access != access)
                continue;
            RemoveAt(i);
            return;
        }
    }

    private void RemoveOldest()
    {
        if (_many is null)
            RemoveAt(0);
        else
            _weight -= WeightOf(_many.RemoveOldest());
    }

    private void RemoveAt(int index)
    {
        _weight -= WeightOf(_entries[index].Access.Topic);
        _count--;
        Array.Copy(_entries, index + 1, _entries, index, _count - index);
        _entries[_count] = default;
    }
}
