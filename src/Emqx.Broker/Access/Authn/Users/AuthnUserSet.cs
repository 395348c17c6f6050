using Emqx.Broker.Storage;
using Rows = Emqx.Broker.Collections.SortedChunks<Emqx.Broker.Access.Authn.Users.AuthnUser, string, Emqx.Broker.Access.Authn.Users.AuthnUserOrder>;

namespace Emqx.Broker.Access.Authn.Users;

/// <summary>The users of one authenticator: in memory, where they are looked up, and in storage, which has a change before memory has it.</summary>
/// <param name="authenticator">Its id.</param>
/// <param name="store">Keeps them.</param>
internal sealed class AuthnUserSet(string authenticator, IAuthnUserStore store) : IDisposable
{
    private readonly OneAtATime _changes = new();
    private Rows _users = new();
    private int _isForgotten;

    public int Count => Volatile.Read(ref _users).Count;

    public AuthnUser? Find(string id) => Volatile.Read(ref _users).TryFind(id, out var user) ? user : null;

    /// <summary>Takes over what storage has kept.</summary>
    public void Load(IEnumerable<StoredAuthnUser> rows)
    {
        foreach (var row in rows)
            _users.Add(AuthnUser.From(row), out _);
    }

    /// <summary>Every user as it is now, made while it is read.</summary>
    public IEnumerable<AuthnUser> Copy()
    {
        var rows = Volatile.Read(ref _users);
        var chunk = new AuthnUser[Rows.ChunkSize];
        for (var read = rows.Read(0, chunk); read > 0; read = rows.ReadFrom(chunk[read - 1].Id, inclusive: false, chunk))
        {
            for (var i = 0; i < read; i++)
                yield return chunk[i];
        }
    }

    /// <summary>A page, the last id first.</summary>
    public AuthnUserPage List(AuthnUserFilter filter, long skip, int limit)
    {
        var rows = Volatile.Read(ref _users);
        skip = Math.Min(skip, int.MaxValue);
        if (!filter.IsAll)
            return Search(rows, filter, skip, limit);
        var found = new AuthnUser[Math.Min(limit, rows.Count)];
        var read = rows.Read(skip, found);
        var total = rows.Count;
        return new([.. found.Take(read).Select(AuthnUserFacts.Of)], total, skip + read < total);
    }

    /// <summary>False: there is one of that id.</summary>
    public async ValueTask<bool> TryAddAsync(AuthnUser user, CancellationToken cancellation)
    {
        using var turn = await TakeAsync(cancellation).ConfigureAwait(false);
        if (Find(user.Id) is not null)
            return false;
        await SaveAsync([user]).ConfigureAwait(false);
        return true;
    }

    /// <summary>Puts another user of the same id in its place, made of the present one; null where there is none.</summary>
    public async ValueTask<AuthnUser?> ReplaceAsync(string id, Func<AuthnUser, AuthnUser> change, CancellationToken cancellation)
    {
        using var turn = await TakeAsync(cancellation).ConfigureAwait(false);
        if (Find(id) is not { } present)
            return null;
        var user = change(present);
        await SaveAsync([user]).ConfigureAwait(false);
        return user;
    }

    /// <summary>The user that is gone; null where there was none.</summary>
    public async ValueTask<AuthnUser?> DeleteAsync(string id, CancellationToken cancellation)
    {
        using var turn = await TakeAsync(cancellation).ConfigureAwait(false);
        if (Find(id) is not { } present)
            return null;
        await store.DeleteAsync(authenticator, id, CancellationToken.None).ConfigureAwait(false);
        _users.Remove(present);
        return present;
    }

    /// <summary>Takes over all of the users in one step; of those with one id the last counts.</summary>
    /// <param name="overrides">Whether they take the places of those that are there.</param>
    public async ValueTask<AuthnImportCount> ImportAsync(IReadOnlyList<AuthnUser> users, bool overrides, CancellationToken cancellation)
    {
        using var turn = await TakeAsync(cancellation).ConfigureAwait(false);
        var changes = new Dictionary<string, AuthnUser>(users.Count, StringComparer.Ordinal);
        int added = 0, replaced = 0, same = 0, kept = 0;
        foreach (var user in users)
        {
            var present = changes.GetValueOrDefault(user.Id) ?? Find(user.Id);
            if (present is null)
                added++;
            else if (user.IsSame(present))
                same++;
            else if (overrides)
                replaced++;
            else
                kept++;
            if (present is null || (overrides && !user.IsSame(present)))
                changes[user.Id] = user;
        }

        await SaveAsync([.. changes.Values]).ConfigureAwait(false);
        return new(users.Count, added, replaced, same, kept);
    }

    /// <summary>Nobody knows them from now on: their authenticator is gone. Storage follows with the next change or <see cref="SettleAsync"/>.</summary>
    public void Forget()
    {
        Volatile.Write(ref _isForgotten, 1);
        Volatile.Write(ref _users, new());
    }

    /// <summary>Completes when storage has forgotten what memory has.</summary>
    public async ValueTask SettleAsync(CancellationToken cancellation)
    {
        using var turn = await TakeAsync(cancellation).ConfigureAwait(false);
    }

    public void Dispose() => _changes.Dispose();

    private async ValueTask<OneAtATime.Turn> TakeAsync(CancellationToken cancellation)
    {
        var turn = await _changes.TakeAsync(cancellation).ConfigureAwait(false);
        if (Interlocked.Exchange(ref _isForgotten, 0) == 0)
            return turn;
        try
        {
            await store.ClearAsync(authenticator, CancellationToken.None).ConfigureAwait(false);
            Volatile.Write(ref _users, new()); // a change that was under way has come after it was emptied
            return turn;
        }
        catch
        {
            Volatile.Write(ref _isForgotten, 1);
            turn.Dispose();
            throw;
        }
    }

    private async ValueTask SaveAsync(List<AuthnUser> users)
    {
        if (users.Count == 0)
            return;
        await store.SaveAsync([.. users.Select(user => user.ToStored(authenticator))], CancellationToken.None).ConfigureAwait(false);
        foreach (var user in users)
            _users.Add(user, out _);
    }

    /// <summary>Goes through all; who is looked for by a part of the id is not counted.</summary>
    private static AuthnUserPage Search(Rows rows, AuthnUserFilter filter, long skip, int limit)
    {
        var found = new List<AuthnUserFacts>();
        var isCounting = filter.Like is null;
        var matched = 0L;
        using var walk = rows.Scan();
        while ((isCounting || matched <= skip + limit) && walk.TryNext(out var chunk))
        {
            foreach (var user in chunk)
            {
                if (filter.Selects(user) && ++matched > skip && found.Count < limit)
                    found.Add(AuthnUserFacts.Of(user));
            }
        }

        return new(found, isCounting ? matched : null, matched > skip + limit);
    }
}
