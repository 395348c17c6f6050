using Emqx.Broker.Hooks;
using Emqx.Broker.Protocol;
using Emqx.Broker.Storage;

namespace Emqx.Broker.Access.Authz.BuiltIn;

/// <summary>The rules of the built-in database, in memory and on disk, whether a source asks them or not.</summary>
internal sealed class AuthzRuleDatabase(IAuthzRuleStore store) : IAuthzRuleDirectory, IAuthzRuleControl, INodeModule, IDisposable
{
    private readonly OneAtATime _writing = new();
    private readonly AuthzRuleTable _clients = new();
    private readonly AuthzRuleTable _users = new();
    private AuthzRuleSet? _all;

    /// <summary>How many subjects have rules.</summary>
    public int Count => _clients.Count + _users.Count + (Volatile.Read(ref _all) is null ? 0 : 1);

    public async ValueTask LoadAsync(CancellationToken cancellation)
    {
        foreach (var stored in await store.LoadAsync(cancellation).ConfigureAwait(false))
        {
            if (AuthzRuleSet.FromStored(stored) is { } set)
                Put(set);
        }
    }

    /// <summary>What the first rule that matches says: those of the client id come first, then those of the user name, then those for everybody.</summary>
    public AuthzVerdict Check(AuthorizeRequest request)
    {
        var client = request.Client;
        if (_clients.Count > 0 && _clients.Find(client.ClientId)?.Check(request) is { } ofClient and not AuthzVerdict.NoMatch)
            return ofClient;
        if (_users.Count > 0 && client.Username is { } name && _users.Find(name)?.Check(request) is { } ofUser and not AuthzVerdict.NoMatch)
            return ofUser;
        return Volatile.Read(ref _all)?.Check(request) ?? AuthzVerdict.NoMatch;
    }

    public ValueTask<AuthzRulePage> ListAsync(AuthzSubject subject, string? like, long skip, int limit, CancellationToken cancellation) =>
        new(like is null ? TableOf(subject).Page(skip, limit) : TableOf(subject).Search(like, skip, limit));

    public ValueTask<AuthzRuleSet?> FindAsync(AuthzSubject subject, string who, CancellationToken cancellation) => new(Find(subject, who));

    public async ValueTask<string?> AddAsync(IReadOnlyList<AuthzRuleSet> sets, CancellationToken cancellation)
    {
        using var turn = await _writing.TakeAsync(cancellation).ConfigureAwait(false);
        foreach (var set in sets)
        {
            if (Find(set.Subject, set.Who) is not null)
                return set.Who;
        }

        await SaveAsync(sets).ConfigureAwait(false);
        return null;
    }

    public async ValueTask PutAsync(AuthzRuleSet set, CancellationToken cancellation)
    {
        using var turn = await _writing.TakeAsync(cancellation).ConfigureAwait(false);
        await SaveAsync([set]).ConfigureAwait(false);
    }

    public async ValueTask<bool> DeleteAsync(AuthzSubject subject, string who, CancellationToken cancellation)
    {
        using var turn = await _writing.TakeAsync(cancellation).ConfigureAwait(false);
        if (Find(subject, who) is not { } set)
            return false;
        await store.DeleteAsync(AuthzRuleSet.WordOf(subject), who, CancellationToken.None).ConfigureAwait(false);
        if (subject == AuthzSubject.All)
            Volatile.Write(ref _all, null);
        else
            TableOf(subject).Remove(set);
        return true;
    }

    public async ValueTask ClearAsync(CancellationToken cancellation)
    {
        using var turn = await _writing.TakeAsync(cancellation).ConfigureAwait(false);
        await store.ClearAsync(CancellationToken.None).ConfigureAwait(false);
        _clients.Clear();
        _users.Clear();
        Volatile.Write(ref _all, null);
    }

    /// <summary>Every subject's rules as they are now.</summary>
    public IEnumerable<AuthzRuleSet> Copy()
    {
        IEnumerable<AuthzRuleSet> all = Volatile.Read(ref _all) is { } set ? [set] : [];
        return all.Concat(_users.ToList()).Concat(_clients.ToList());
    }

    public ValueTask ResetAsync(CancellationToken cancellation) => ClearAsync(cancellation);

    public void Dispose() => _writing.Dispose();

    private AuthzRuleTable TableOf(AuthzSubject subject) => subject == AuthzSubject.Clientid ? _clients : _users;

    private AuthzRuleSet? Find(AuthzSubject subject, string who) => subject == AuthzSubject.All ? Volatile.Read(ref _all) : TableOf(subject).Find(who);

    private async ValueTask SaveAsync(IReadOnlyList<AuthzRuleSet> sets)
    {
        await store.SaveAsync([.. sets.Select(static set => set.ToStored())], CancellationToken.None).ConfigureAwait(false);
        foreach (var set in sets)
            Put(set);
    }

    private void Put(AuthzRuleSet set)
    {
        if (set.Subject == AuthzSubject.All)
            Volatile.Write(ref _all, set);
        else
            TableOf(set.Subject).Put(set);
    }
}
