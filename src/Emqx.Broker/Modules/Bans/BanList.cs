using System.Collections.Concurrent;
using System.Net;
using System.Text.RegularExpressions;
using Emqx.Broker.Hooks;
using Emqx.Broker.Protocol;
using Emqx.Broker.Storage;

namespace Emqx.Broker.Modules.Bans;

/// <summary>
/// The bans of this node. Names and addresses are looked up in O(1); patterns and networks are few and tried one by
/// one, without a lock.
/// </summary>
internal sealed class BanList(IBanStore store, TimeProvider time) : IBanDirectory, IBanControl, INodeModule, IDisposable
{
    private const long PurgePeriod = 60_000;
    private static readonly Comparer<Ban> s_byTarget = Comparer<Ban>.Create(Compare);
    private readonly OneAtATime _writing = new();
    private readonly Lock _gate = new();
    private readonly List<Ban> _sorted = [];
    private readonly ConcurrentDictionary<string, Ban> _clientIds = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Ban> _usernames = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<IPAddress, Ban> _addresses = new();
    private Ban[] _rules = [];
    private long _nextPurge;

    /// <summary>The client ids of new bans, which are in force and on disk: their clients are to be kicked.</summary>
    public WorkQueue<string> ToKick { get; } = new(65_536);

    public async ValueTask LoadAsync(CancellationToken cancellation)
    {
        foreach (var stored in await store.LoadAsync(cancellation).ConfigureAwait(false))
            if (Ban.FromStored(stored) is { } ban)
                Put(ban);
    }

    /// <summary>Whether this client may not connect.</summary>
    public bool IsBanned(ClientInfo client)
    {
        var rules = Volatile.Read(ref _rules);
        if (rules.Length == 0 && _clientIds.IsEmpty && _usernames.IsEmpty && _addresses.IsEmpty)
            return false;

        var now = Now();
        if (_clientIds.TryGetValue(client.ClientId, out var ban) && !ban.HasEnded(now))
            return true;
        if (client.Username is { } name && _usernames.TryGetValue(name, out ban) && !ban.HasEnded(now))
            return true;
        if (_addresses.TryGetValue(client.PeerAddress, out ban) && !ban.HasEnded(now))
            return true;
        var patience = new PatternPatience(time);
        foreach (var rule in rules)
        {
            if (!rule.HasEnded(now) && (Concerns(rule.Target, client) || patience.EndsBehind(rule.Target)))
                return true;
        }

        return false;
    }

    /// <summary>Whether a ban names this client id.</summary>
    public bool IsNamed(string clientId) => _clientIds.TryGetValue(clientId, out var ban) && !ban.HasEnded(Now());

    /// <summary>Whether a client id is banned by itself, as what its client has sent earlier is judged.</summary>
    public bool IsBanned(string clientId)
    {
        var now = Now();
        if (_clientIds.TryGetValue(clientId, out var ban) && !ban.HasEnded(now))
            return true;
        var patience = new PatternPatience(time);
        foreach (var rule in Volatile.Read(ref _rules))
        {
            if (rule.Target.Kind == BanAs.ClientidRe && !rule.HasEnded(now)
                && (BanTarget.IsMatch(rule.Target.Pattern!, clientId) || patience.EndsBehind(rule.Target)))
                return true;
        }

        return false;
    }

    public async ValueTask<Ban?> CreateAsync(Ban ban, CancellationToken cancellation)
    {
        using (await _writing.TakeAsync(cancellation).ConfigureAwait(false))
        {
            if (Find(ban.Target) is { } old && !old.HasEnded(Now()))
                return old;
            await SaveAsync(ban).ConfigureAwait(false);
        }

        Kick(ban);
        return null;
    }

    /// <summary>Every ban as it is now.</summary>
    public Ban[] Copy()
    {
        lock (_gate)
            return [.. _sorted];
    }

    /// <summary>Puts a ban in place of one of the same target.</summary>
    public async ValueTask ReplaceAsync(Ban ban, CancellationToken cancellation)
    {
        using (await _writing.TakeAsync(cancellation).ConfigureAwait(false))
            await SaveAsync(ban).ConfigureAwait(false);
        Kick(ban);
    }

    public async ValueTask<bool> DeleteAsync(BanTarget target, CancellationToken cancellation)
    {
        using var turn = await _writing.TakeAsync(cancellation).ConfigureAwait(false);
        if (Find(target) is not { } ban)
            return false;
        await store.DeleteAsync(target.Kind.Name(), target.Who, CancellationToken.None).ConfigureAwait(false);
        Remove(ban);
        return true;
    }

    public async ValueTask ClearAsync(CancellationToken cancellation)
    {
        using var turn = await _writing.TakeAsync(cancellation).ConfigureAwait(false);
        await store.ClearAsync(CancellationToken.None).ConfigureAwait(false);
        lock (_gate)
        {
            _sorted.Clear();
            _clientIds.Clear();
            _usernames.Clear();
            _addresses.Clear();
            Volatile.Write(ref _rules, []);
        }
    }

    public ValueTask ResetAsync(CancellationToken cancellation) => ClearAsync(cancellation);

    public ValueTask<BanPage> ListAsync(BanFilter filter, int skip, int limit, CancellationToken cancellation) => new(filter switch
    {
        BanFilter.Exact exact => Page(Find(exact.Target) is { } found ? [found] : [], skip, limit),
        BanFilter.Like like => Search(like, skip, limit),
        _ => PageOfAll(skip, limit),
    });

    /// <summary>Forgets the bans that have ended, every minute.</summary>
    public async ValueTask TickAsync(long now, CancellationToken cancellation)
    {
        if (now < _nextPurge)
            return;
        _nextPurge = now + PurgePeriod;
        using var turn = await _writing.TakeAsync(cancellation).ConfigureAwait(false);
        List<Ban> ended;
        lock (_gate)
            ended = _sorted.FindAll(ban => ban.HasEnded(now / 1000));
        if (ended.Count == 0)
            return;
        await store.DeleteExpiredAsync(now / 1000 + 1, CancellationToken.None).ConfigureAwait(false);
        foreach (var ban in ended)
            Remove(ban);
    }

    public void Dispose() => _writing.Dispose();

    private long Now() => time.GetUtcNow().ToUnixTimeSeconds();

    private static bool Concerns(BanTarget target, ClientInfo client) => target.Kind switch
    {
        BanAs.ClientidRe => BanTarget.IsMatch(target.Pattern!, client.ClientId),
        BanAs.UsernameRe => client.Username is { } name && BanTarget.IsMatch(target.Pattern!, name),
        _ => target.Network!.Value.Contains(client.PeerAddress),
    };

    private static int Compare(Ban? one, Ban? other) => Compare(one!.Target, other!.Target);

    private static int Compare(BanTarget one, BanTarget other) =>
        one.Kind != other.Kind ? one.Kind.CompareTo(other.Kind) : string.CompareOrdinal(one.Who, other.Who);

    private Ban? Find(BanTarget target)
    {
        lock (_gate)
        {
            var at = _sorted.BinarySearch(new Ban(target, "", "", 0, null), s_byTarget);
            return at >= 0 ? _sorted[at] : null;
        }
    }

    private async ValueTask SaveAsync(Ban ban)
    {
        await store.SaveAsync(ban.ToStored(), CancellationToken.None).ConfigureAwait(false);
        Put(ban);
    }

    private void Kick(Ban ban)
    {
        if (ban.Target.Kind == BanAs.Clientid)
            ToKick.Add(ban.Target.Who);
    }

    private void Put(Ban ban)
    {
        lock (_gate)
        {
            var at = _sorted.BinarySearch(ban, s_byTarget);
            if (at >= 0)
                _sorted[at] = ban;
            else
                _sorted.Insert(~at, ban);
            switch (ban.Target.Kind)
            {
                case BanAs.Clientid:
                    _clientIds[ban.Target.Who] = ban;
                    break;
                case BanAs.Username:
                    _usernames[ban.Target.Who] = ban;
                    break;
                case BanAs.Peerhost:
                    _addresses[IPAddress.Parse(ban.Target.Who)] = ban;
                    break;
                default:
                    RebuildRules();
                    break;
            }
        }
    }

    private void Remove(Ban ban)
    {
        lock (_gate)
        {
            if (!_sorted.Remove(ban))
                return;
            switch (ban.Target.Kind)
            {
                case BanAs.Clientid:
                    _clientIds.TryRemove(ban.Target.Who, out _);
                    break;
                case BanAs.Username:
                    _usernames.TryRemove(ban.Target.Who, out _);
                    break;
                case BanAs.Peerhost:
                    _addresses.TryRemove(IPAddress.Parse(ban.Target.Who), out _);
                    break;
                default:
                    RebuildRules();
                    break;
            }
        }
    }

    private void RebuildRules() => Volatile.Write(ref _rules, [.. _sorted.Where(ban => ban.Target.Kind >= BanAs.ClientidRe)]);

    private BanPage PageOfAll(int skip, int limit)
    {
        lock (_gate)
            return Page(_sorted, skip, limit);
    }

    private static BanPage Page(List<Ban> bans, int skip, int limit)
    {
        var from = Math.Min(skip, bans.Count);
        var rows = bans.GetRange(from, Math.Min(limit, bans.Count - from));
        return new BanPage(rows, bans.Count, from + rows.Count < bans.Count);
    }

    private BanPage Search(BanFilter.Like like, int skip, int limit)
    {
        Ban[] bans;
        lock (_gate)
            bans = [.. _sorted];
        var rows = new List<Ban>();
        foreach (var ban in bans)
        {
            if (!like.Kinds.Contains(ban.Target.Kind) || !IsFound(like.Pattern, ban.Target.Who) || skip-- > 0)
                continue;
            if (rows.Count == limit)
                return new BanPage(rows, Count: null, HasNext: true);
            rows.Add(ban);
        }

        return new BanPage(rows, Count: null, HasNext: false);
    }

    private static bool IsFound(Regex pattern, string text)
    {
        try
        {
            return pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }
}
