using System.Security.Cryptography;
using System.Text;
using Emqx.Broker.Settings;
using Emqx.Broker.Storage;

namespace Emqx.Mgmt.Accounts;

/// <summary>The dashboard's users. Requests read a snapshot; a change is on disk before it shows there.</summary>
internal sealed class DashboardUsers(IDashboardUserStore store, DashboardTokens tokens, SettingsRoot<DashboardSettings> settings, TimeProvider time, ILogger<DashboardUsers> log)
    : IDisposable
{
    private static readonly StoredUser s_nobody = new("", "", new byte[PasswordHash.SaltSize], new byte[32], PasswordHash.Iterations, 0);

    private readonly byte[] _proofKey = RandomNumberGenerator.GetBytes(32);
    private readonly SemaphoreSlim _changes = new(1);
    private volatile IReadOnlyList<User> _users = [];

    /// <summary>In the order of their creation.</summary>
    public IEnumerable<StoredUser> All => _users.Select(user => user.Stored);

    /// <summary>The user of that name, or null.</summary>
    public StoredUser? Find(string username) => FindEntry(username)?.Stored;

    /// <summary>The one that is made at start and cannot be deleted.</summary>
    public bool IsDefault(string username) => username == settings.Current.DefaultUsername;

    /// <summary>Reads all users from the store and makes the default one where it is missing.</summary>
    public async Task LoadAsync(CancellationToken cancellation)
    {
        _users = [.. (await store.LoadAsync(cancellation)).Select(stored => new User(stored))];
        var wanted = settings.Current;
        if (wanted.DefaultUsername.Length == 0 || Find(wanted.DefaultUsername) is not null)
            return;
        await TryCreateAsync(wanted.DefaultUsername, wanted.DefaultPassword, "administrator", cancellation);
        SecurityLog.DefaultUserMade(log, wanted.DefaultUsername);
    }

    /// <summary>Whether the password is that of the user. Slow the first time; an unknown user takes as long.</summary>
    public bool Verify(string username, string password)
    {
        var user = FindEntry(username);
        var proof = ProofOf(password);
        if (user?.Proof is { } known && CryptographicOperations.FixedTimeEquals(known, proof))
            return true;
        var stored = user?.Stored ?? s_nobody;
        if (!PasswordHash.Matches(password, stored.PasswordSalt, stored.PasswordHash, stored.Iterations) || user is null)
            return false;
        user.Proof = proof;
        return true;
    }

    /// <summary>Whether a check of this password would be a quick one.</summary>
    public bool IsProven(string username, string password) =>
        FindEntry(username)?.Proof is { } known && CryptographicOperations.FixedTimeEquals(known, ProofOf(password));

    /// <summary>Adds a user; false where the name is taken.</summary>
    public async Task<bool> TryCreateAsync(string username, string password, string description, CancellationToken cancellation)
    {
        await _changes.WaitAsync(cancellation);
        try
        {
            if (Find(username) is not null)
                return false;
            var salt = RandomNumberGenerator.GetBytes(PasswordHash.SaltSize);
            var hash = PasswordHash.Of(password, salt, PasswordHash.Iterations);
            await PutAsync(new(username, description, salt, hash, PasswordHash.Iterations, time.GetUtcNow().ToUnixTimeSeconds()), cancellation);
            return true;
        }
        finally
        {
            _changes.Release();
        }
    }

    /// <summary>Changes the description; null where there is no such user.</summary>
    public async Task<StoredUser?> DescribeAsync(string username, string description, CancellationToken cancellation)
    {
        await _changes.WaitAsync(cancellation);
        try
        {
            return Find(username) is { } user ? await PutAsync(user with { Description = description }, cancellation) : null;
        }
        finally
        {
            _changes.Release();
        }
    }

    /// <summary>Sets a new password and ends the user's tokens; false where there is no such user.</summary>
    public async Task<bool> ChangePasswordAsync(string username, string password, CancellationToken cancellation)
    {
        await _changes.WaitAsync(cancellation);
        try
        {
            if (Find(username) is not { } user)
                return false;
            var salt = RandomNumberGenerator.GetBytes(PasswordHash.SaltSize);
            var hash = PasswordHash.Of(password, salt, PasswordHash.Iterations);
            await PutAsync(user with { PasswordSalt = salt, PasswordHash = hash, Iterations = PasswordHash.Iterations }, cancellation);
            await tokens.EndOfUserAsync(username, cancellation);
            return true;
        }
        finally
        {
            _changes.Release();
        }
    }

    /// <summary>Removes a user with its tokens; false where there is none of that name.</summary>
    public async Task<bool> DeleteAsync(string username, CancellationToken cancellation)
    {
        await _changes.WaitAsync(cancellation);
        try
        {
            if (Find(username) is null)
                return false;
            await store.DeleteAsync(username, cancellation);
            _users = [.. _users.Where(user => user.Stored.Username != username)];
            await tokens.EndOfUserAsync(username, cancellation);
            return true;
        }
        finally
        {
            _changes.Release();
        }
    }

    public void Dispose() => _changes.Dispose();

    private User? FindEntry(string username)
    {
        foreach (var user in _users)
        {
            if (user.Stored.Username == username)
                return user;
        }

        return null;
    }

    private async Task<StoredUser> PutAsync(StoredUser stored, CancellationToken cancellation)
    {
        await store.SaveAsync(stored, cancellation);
        var user = new User(stored);
        _users = FindEntry(stored.Username) is null ? [.. _users, user] : [.. _users.Select(known => known.Stored.Username == stored.Username ? user : known)];
        return stored;
    }

    private byte[] ProofOf(string password) => HMACSHA256.HashData(_proofKey, Encoding.UTF8.GetBytes(password));

    /// <summary>A user, with a keyed hash of the password that was found right, so that the next login is quick. Never leaves memory.</summary>
    private sealed class User(StoredUser stored)
    {
        public StoredUser Stored => stored;
        public volatile byte[]? Proof;
    }
}
