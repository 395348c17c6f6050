namespace Emqx.Broker.Access;

/// <summary>What was to be authorized: a kind of access to a topic.</summary>
internal readonly record struct AuthorizationAccess(bool IsPublish, byte Qos, bool Retain, string Topic);

/// <param name="UpdatedAt">When it was decided, steady milliseconds; the Unix ones of that where the API reads it.</param>
internal readonly record struct AuthorizationCacheEntry(AuthorizationAccess Access, bool IsAllowed, long UpdatedAt);

/// <summary>
/// The authorization decisions that a connection remembers (EMQX's authz cache): newest last, the oldest goes when it is
/// full. Written by the connection, read and emptied by the API. Made at the first decision, grown as needed.
/// </summary>
internal sealed class AuthorizationCache
{
    private readonly Lock _gate = new();
    private AuthorizationCacheEntry[] _entries = [];
    private int _count;

    /// <summary>The remembered decision that is not older than <paramref name="ttl"/> (milliseconds), if there is one.</summary>
    public bool TryGet(in AuthorizationAccess access, long now, long ttl, out bool isAllowed)
    {
        lock (_gate)
        {
            // Newest first: a client mostly repeats what it has just done.
            for (var i = _count - 1; i >= 0; i--)
            {
                ref var entry = ref _entries[i];
                if (entry.Access != access)
                    continue;
                isAllowed = entry.IsAllowed;
                return now - entry.UpdatedAt < ttl;
            }
        }

        isAllowed = false;
        return false;
    }

    /// <summary>Remembers a decision, at most <paramref name="capacity"/> of them.</summary>
    public void Put(in AuthorizationAccess access, bool isAllowed, long now, int capacity)
    {
        if (capacity <= 0)
            return;
        lock (_gate)
        {
            Remove(access);
            while (_count >= capacity)
                RemoveAt(0);
            if (_count == _entries.Length)
                Array.Resize(ref _entries, Math.Min(capacity, Math.Max(1, _count * 2)));
            _entries[_count++] = new AuthorizationCacheEntry(access, isAllowed, now);
        }
    }

    /// <summary>A copy of those that still count, oldest first.</summary>
    public AuthorizationCacheEntry[] Read(long now, long ttl)
    {
        lock (_gate)
        {
            while (_count > 0 && now - _entries[0].UpdatedAt >= ttl)
                RemoveAt(0);
            return _entries.AsSpan(0, _count).ToArray();
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _entries = [];
            _count = 0;
        }
    }

    private void Remove(in AuthorizationAccess access)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_entries[i].Access != access)
                continue;
            RemoveAt(i);
            return;
        }
    }

    private void RemoveAt(int index)
    {
        _count--;
        Array.Copy(_entries, index + 1, _entries, index, _count - index);
        _entries[_count] = default;
    }
}
