using System.Diagnostics.CodeAnalysis;

namespace Emqx.Broker.Collections;

/// <summary>
/// A small map from texts, looked up by a span: one writer at a time (the caller's lock), any number of readers without a lock.
/// Far smaller than a ConcurrentDictionary, for the nodes of a tree.
/// </summary>
internal sealed class SpanMap<T> where T : class
{
    private Entry?[] _buckets = new Entry?[2];

    private sealed class Entry(string key, int hash, T value, Entry? next)
    {
        public readonly string Key = key;
        public readonly int Hash = hash;
        public readonly T Value = value;
        public readonly Entry? Next = next;
    }

    public int Count { get; private set; }

    public bool TryGet(ReadOnlySpan<char> key, [NotNullWhen(true)] out T? value)
    {
        var hash = string.GetHashCode(key);
        var buckets = Volatile.Read(ref _buckets);
        for (var entry = Volatile.Read(ref buckets[hash & (buckets.Length - 1)]); entry is not null; entry = entry.Next)
        {
            if (entry.Hash != hash || !key.SequenceEqual(entry.Key))
                continue;
            value = entry.Value;
            return true;
        }

        value = null;
        return false;
    }

    /// <summary>Adds what is not there yet.</summary>
    public void Add(string key, T value)
    {
        if (Count >= _buckets.Length)
            Grow();
        var hash = string.GetHashCode(key.AsSpan());
        ref var bucket = ref _buckets[hash & (_buckets.Length - 1)];
        Volatile.Write(ref bucket, new Entry(key, hash, value, bucket));
        Count++;
    }

    public bool Remove(ReadOnlySpan<char> key)
    {
        var hash = string.GetHashCode(key);
        ref var bucket = ref _buckets[hash & (_buckets.Length - 1)];
        var victim = bucket;
        while (victim is not null && (victim.Hash != hash || !key.SequenceEqual(victim.Key)))
            victim = victim.Next;
        if (victim is null)
            return false;

        // Entries never change, since somebody may be reading them: those before the victim are copied.
        var chain = victim.Next;
        for (var entry = bucket; entry != victim; entry = entry!.Next)
            chain = new Entry(entry!.Key, entry.Hash, entry.Value, chain);
        Volatile.Write(ref bucket, chain);
        Count--;
        return true;
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
                bucket = new Entry(entry.Key, entry.Hash, entry.Value, bucket);
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

        public bool MoveNext()
        {
            _entry = _entry?.Next;
            while (_entry is null && _next < _buckets.Length)
                _entry = Volatile.Read(ref _buckets[_next++]);
            return _entry is not null;
        }
    }
}
