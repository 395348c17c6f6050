using System.Collections.Concurrent;
using Emqx.Broker.Collections;

namespace Emqx.Broker.Access.Authz.BuiltIn;

/// <summary>The rules of all subjects of one kind: by name for who asks, in order for who lists. One caller changes it at a time.</summary>
internal sealed class AuthzRuleTable
{
    private readonly ConcurrentDictionary<string, AuthzRuleSet> _byName = new(StringComparer.Ordinal);
    private SortedChunks<AuthzRuleSet, string, AuthzRuleOrder> _sorted = new();

    public int Count => Volatile.Read(ref _sorted).Count;

    public AuthzRuleSet? Find(string who) => _byName.TryGetValue(who, out var set) ? set : null;

    public void Put(AuthzRuleSet set)
    {
        _byName[set.Who] = set;
        _sorted.Add(set, out _);
    }

    public void Remove(AuthzRuleSet set)
    {
        _byName.TryRemove(set.Who, out _);
        _sorted.Remove(set);
    }

    public void Clear()
    {
        _byName.Clear();
        Volatile.Write(ref _sorted, new());
    }

    /// <summary>Rows of all.</summary>
    public AuthzRulePage Page(long skip, int limit)
    {
        var sorted = Volatile.Read(ref _sorted);
        var count = sorted.Count;
        var rows = new AuthzRuleSet[(int)Math.Clamp(count - skip, 0, limit)];
        var read = sorted.Read(skip, rows);
        return new(rows.AsSpan(0, read).ToArray(), count, skip + read < count);
    }

    /// <summary>Rows of those whose name has a text in it.</summary>
    public AuthzRulePage Search(string like, long skip, int limit)
    {
        var found = new List<AuthzRuleSet>();
        var matched = 0L;
        using var walk = Volatile.Read(ref _sorted).Scan();
        while (walk.TryNext(out var rows))
        {
            foreach (var row in rows)
            {
                if (!row.Who.Contains(like, StringComparison.Ordinal) || ++matched <= skip)
                    continue;
                if (found.Count == limit)
                    return new(found, Count: null, HasNext: true);
                found.Add(row);
            }
        }

        return new(found, Count: null, HasNext: false);
    }

    /// <summary>Every row as it is now.</summary>
    public List<AuthzRuleSet> ToList()
    {
        var all = new List<AuthzRuleSet>(Count);
        using var walk = Volatile.Read(ref _sorted).Scan();
        while (walk.TryNext(out var rows))
            all.AddRange(rows);
        return all;
    }
}
