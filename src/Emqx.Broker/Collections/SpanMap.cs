using System.Diagnostics.CodeAnalysis;

namespace Emqx.Broker.Collections;

/// <summary>
/// A small map from texts, looked up by a span: one writer at a time (the caller's lock), any number of readers without a lock.
/// Far smaller than a ConcurrentDictionary, for the nodes of a tree. A key may have a tail, which is kept beside the value and not
/// looked up by: the rest of the way to a node that has no brothers.
/// </summary>
internal sealed class SpanMap<T> where T : class
{
    private Entry?[] _buckets = new Entry?[2];

    private sealed class Entry(string key, string? tail, int hash, T value, Entry? next)
    {
        public readonly string Key = key;
        public readonly string? Tail = tail;
        public readonly int Hash = hash;
        public readonly T Value = value;
        public readonly Entry? Next = next;
    }

    public int Count { get; private set; }

    public bool TryGet(ReadOnlySpan<char> key, [NotNullWhen(true)] out T? value) => TryGet(key, out value, out _);

    public bool TryGet(ReadOnlySpan<char> key, [NotNullWhen(true)] out T? value, out string? tail)
    {
        var hash = string.GetHashCode(key);
        var buckets = Volatile.Read(ref _buckets);
        for (var entry = Volatile.Read(ref buckets[hash & (buckets.Length - 1)]); entry is not null; entry = entry.Next)
        {
            if (entry.Hash != hash || !key.SequenceEqual(entry.Key))
                continue;
            value = entry.Value;
            tail = entry.Tail;
            return true;
        }

        value = null;
        tail = null;
        return false;
    }

    /// <summary>Adds what is not there yet.</summary>
    public void Add(string key, T value, string? tail = null)
    {
        if (Count >= _buckets.Length)
            Grow();
        var hash = string.GetHashCode(key.AsSpan());
        ref var bucket = ref _buckets[hash & (_buckets.Length - 1)];
        Volatile.Write(ref bucket, new Entry(key, tail, hash, value, bucket));
        Count++;
    }

    /// <summary>Puts another value and tail under a key that is there.</summary>
    public void Replace(ReadOnlySpan<char> key, T value, string? tail)
    {
        var victim = FindEntry(key, out var hash);
        Exchange(victim!, new Entry(victim!.Key, tail, hash, value, victim.Next));
    }

    public bool Remove(ReadOnlySpan<char> key)
    {
        if (FindEntry(key, out _) is not { } victim)
            return false;
        Exchange(victim, victim.Next);
        Count--;
        return true;
    }

    /// <summary>The only entry, where there is one only.</summary>
    public bool TryGetOnly([NotNullWhen(true)] out string? key, [NotNullWhen(true)] out T? value, out string? tail)
    {
        (key, value, tail) = (null, null, null);
        if (Count != 1)
            return false;
        foreach (var entry in _buckets)
        {
            if (entry is not null)
                (key, value, tail) = (entry.Key, entry.Value, entry.Tail);
        }

        return value is not null;
    }

    private Entry? FindEntry(ReadOnlySpan<char> key, out int hash)
    {
        hash = string.GetHashCode(key);
        var entry = _buckets[hash & (_buckets.Length - 1)];
        while (entry is not null && (entry.Hash != hash || !key.SequenceEqual(entry.Key)))
            entry = entry.Next;
        return entry;
    }

    // Entries never change, since somebody may be reading them: those before the victim are copied.
    private void Exchange(Entry victim, Entry? chain)
    {
        ref var bucket = ref _buckets[victim.Hash & (_buckets.Length - 1)];
        for (var entry = bucket; entry != victim; entry = entry!.Next)
            chain = new Entry(entry!.Key, entry.Tail, entry.Hash, entry.Value, chain);
        Volatile.Write(ref bucket, chain);
    }

    /// <summary>Goes over the values; what changes meanwhile may or may not be seen.</summary>
    public Enumerator GetEnumerator() => new(Volatile.Read(ref _buckets));

    private void Grow()
    {
        var buckets = new Entry?[_buckets.Length * 2];
        foreach (var head in _buckets)
        {
            for (var entry = head; entry is not null; entry = entry.Next)
            {
                ref var bucket = ref buckets[entry.Hash & (buckets.Length - 1)];
                bucket = new Entry(entry.Key, entry.Tail, entry.Hash, entry.Value, bucket);
            }
        }

        Volatile.Write(ref _buckets, buckets);
    }

    /// <summary>Goes over the values.</summary>
    public struct Enumerator
    {
        private readonly Entry?[] _buckets;
        private Entry? _entry;
        private int _next;

        internal Enumerator(object buckets) => _buckets = (Entry?[])buckets;

        public readonly T Current => _entry!.Value;

        public readonly string CurrentKey => _entry!.Key;

        public readonly string? CurrentTail => _entry!.Tail;

        public bool MoveNext()
        {
            _entry = _entry?.Next;
            while (_entry is null && _next < _buckets.Length)
                _entry = Volatile.Read(ref _buckets[_next++]);
            return _entry is not null;
        }
    }
}
