using System.Security.Cryptography;
using System.Text;
using Emqx.Broker.Storage;

namespace Emqx.Mgmt.Accounts;

/// <summary>The dashboard's users. Requests read a snapshot; a change is on disk before it shows there, and once begun it does not end half way.</summary>
internal sealed class DashboardUsers(IDashboardUserStore store, DashboardTokens tokens, PasswordHasher hasher, TimeProvider time, ILogger<DashboardUsers> log) : IDisposable
{
    private readonly byte[] _proofKey = RandomNumberGenerator.GetBytes(32);
    private readonly OneAtATime _changes = new();
    private volatile Snapshot _users = new([]);
    private Lazy<Task> _default = new(Task.CompletedTask);

    /// <summary>In the order of their creation.</summary>
    public IEnumerable<StoredUser> All => _users.All.Select(static user => user.Stored);

    /// <summary>Whether there is a user of that name.</summary>
    public bool Contains(string username) => _users.ByName.ContainsKey(username);

    /// <summary>The user of that name, or null. Right after the first start it waits for the default user.</summary>
    public async ValueTask<DashboardUser?> FindAsync(string username, CancellationToken cancellation)
    {
        if (!_default.Value.IsCompletedSuccessfully)
            await _default.Value.WaitAsync(cancellation);
        return Find(username);
    }

    /// <summary>Reads all users from the store and ends tokens of users that are gone. The default user, where none of its name is there, is made as in EMQX, when somebody asks for one, or <see cref="SettleAsync"/>.</summary>
    public async Task LoadAsync(string defaultUsername, string defaultPassword, CancellationToken cancellation)
    {
        _users = new([.. (await store.LoadAsync(cancellation)).Select(static stored => new DashboardUser(stored))]);
        await tokens.EndOfOthersAsync(Contains);
        if (defaultUsername.Length > 0 && defaultPassword.Length > 0 && !Contains(defaultUsername))
            _default = new(() => MakeDefaultAsync(defaultUsername, defaultPassword));
    }

    /// <summary>Makes what is still to be made; ends when it is.</summary>
    public Task SettleAsync() => _default.Value;

    /// <summary>Whether the password was found right before.</summary>
    public bool IsProven(DashboardUser user, string password) => user.Proof is { } known && CryptographicOperations.FixedTimeEquals(known, ProofOf(password));

    /// <summary>Remembers a password that was found right. One that is hashed with fewer rounds than now is hashed anew.</summary>
    public async Task<DashboardUser> ProveAsync(DashboardUser user, string password, CancellationToken cancellation)
    {
        if (user.Stored.Iterations < hasher.Rounds)
        {
            var (salt, hash) = await hasher.HashNewAsync(password, cancellation);
            user = await ChangeAsync(user, stored => stored with { PasswordSalt = salt, PasswordHash = hash, Iterations = hasher.Rounds }, cancellation) ?? user;
        }

        user.Proof = ProofOf(password);
        return user;
    }

    /// <summary>A token for a user whose password was found right; null where the user has gone or changed since.</summary>
    public async Task<string?> IssueTokenAsync(DashboardUser proven, CancellationToken cancellation)
    {
        using var turn = await _changes.TakeAsync(cancellation);
        return IsPresent(proven) ? await tokens.IssueAsync(proven.Stored.Username) : null;
    }

    /// <summary>Adds a user; false where the name is taken.</summary>
    public async Task<bool> TryCreateAsync(string username, string password, string description, CancellationToken cancellation) =>
        await FindAsync(username, cancellation) is null && await AddAsync(username, password, description, cancellation);

    /// <summary>Changes the description; null where there is no such user.</summary>
    public async Task<StoredUser?> DescribeAsync(string username, string description, CancellationToken cancellation)
    {
        using var turn = await _changes.TakeAsync(cancellation);
        return Find(username) is { } user ? (await PutAsync(user.Stored with { Description = description }, user.Proof)).Stored : null;
    }

    /// <summary>Sets a new password and ends the user's tokens; false where the user is not there as it was proven.</summary>
    public async Task<bool> ChangePasswordAsync(DashboardUser proven, string password, CancellationToken cancellation)
    {
        var (salt, hash) = await hasher.HashNewAsync(password, cancellation);
        using var turn = await _changes.TakeAsync(cancellation);
        if (!IsPresent(proven))
            return false;
        await tokens.EndOfUserAsync(proven.Stored.Username);
        await PutAsync(Find(proven.Stored.Username)!.Stored with { PasswordSalt = salt, PasswordHash = hash, Iterations = hasher.Rounds });
        return true;
    }

    /// <summary>Removes a user with its tokens; false where there is none of that name.</summary>
    public async Task<bool> DeleteAsync(string username, CancellationToken cancellation)
    {
        using var turn = await _changes.TakeAsync(cancellation);
        if (!Contains(username))
            return false;
        await tokens.EndOfUserAsync(username);
        await store.DeleteAsync(username, CancellationToken.None);
        _users = new([.. _users.All.Where(user => user.Stored.Username != username)]);
        return true;
    }

    /// <summary>Puts a user of a backup in place of one of the same name, whose tokens end where the password was another.</summary>
    public async Task RestoreAsync(StoredUser stored, CancellationToken cancellation)
    {
        await FindAsync(stored.Username, cancellation); // the default user may still be in the making
        using var turn = await _changes.TakeAsync(cancellation);
        if (Find(stored.Username) is { } present && !present.Stored.PasswordHash.AsSpan().SequenceEqual(stored.PasswordHash))
            await tokens.EndOfUserAsync(stored.Username);
        await PutAsync(stored);
    }

    public void Dispose() => _changes.Dispose();

    private DashboardUser? Find(string username) => _users.ByName.GetValueOrDefault(username);

    private bool IsPresent(DashboardUser proven) => Find(proven.Stored.Username) is { } present && present.HasPasswordOf(proven);

    private async Task MakeDefaultAsync(string username, string password)
    {
        if (await AddAsync(username, password, "administrator", CancellationToken.None))
            SecurityLog.DefaultUserMade(log, username);
    }

    private async Task<bool> AddAsync(string username, string password, string description, CancellationToken cancellation)
    {
        var (salt, hash) = await hasher.HashNewAsync(password, cancellation);
        using var turn = await _changes.TakeAsync(cancellation);
        if (Contains(username))
            return false;
        await PutAsync(new(username, description, salt, hash, hasher.Rounds, time.GetUtcNow().ToUnixTimeSeconds()));
        return true;
    }

    /// <summary>Changes the record of a user that is there as it was proven; else null.</summary>
    private async Task<DashboardUser?> ChangeAsync(DashboardUser proven, Func<StoredUser, StoredUser> change, CancellationToken cancellation)
    {
        using var turn = await _changes.TakeAsync(cancellation);
        return IsPresent(proven) ? await PutAsync(change(Find(proven.Stored.Username)!.Stored)) : null;
    }

    private async Task<DashboardUser> PutAsync(StoredUser stored, byte[]? proof = null)
    {
        await store.SaveAsync(stored, CancellationToken.None);
        var user = new DashboardUser(stored) { Proof = proof };
        var all = _users.All;
        _users = new(Contains(stored.Username) ? [.. all.Select(known => known.Stored.Username == stored.Username ? user : known)] : [.. all, user]);
        return user;
    }

    private byte[] ProofOf(string password) => HMACSHA256.HashData(_proofKey, Encoding.UTF8.GetBytes(password));

    private sealed class Snapshot(DashboardUser[] all)
    {
        public IReadOnlyList<DashboardUser> All => all;

        public Dictionary<string, DashboardUser> ByName { get; } = all.ToDictionary(static user => user.Stored.Username, StringComparer.Ordinal);
    }
}
