using System.Security.Cryptography;
using System.Text;
using Emqx.Broker.Storage;

namespace Emqx.Mgmt.Accounts;

/// <summary>What became of a new key.</summary>
internal enum ApiKeyCreation
{
    Done,
    NameTaken,
    TooMany,
}

/// <summary>All API keys. Requests read a snapshot; a change is on disk before it shows there, and once begun it does not end half way.</summary>
internal sealed class ApiKeyRing(IApiKeyStore store, TimeProvider time) : IDisposable
{
    public const int MostKeys = 100;
    private static readonly byte[] s_noSalt = new byte[SecretHash.SaltSize];
    private static readonly byte[] s_noHash = new byte[SHA256.HashSizeInBytes];

    private readonly OneAtATime _changes = new();
    private volatile Snapshot _keys = new([]);

    /// <summary>In the order of their creation.</summary>
    public IReadOnlyList<ApiKey> All => _keys.All;

    /// <summary>The key of that name, or null.</summary>
    public ApiKey? Find(string name) => _keys.ByName.GetValueOrDefault(name);

    /// <summary>The key that these credentials open, or null: unknown, wrong, disabled or expired.</summary>
    public ApiKey? Find(ReadOnlySpan<byte> key, ReadOnlySpan<byte> secret)
    {
        Span<char> text = key.Length <= 256 ? stackalloc char[256] : new char[key.Length];
        var length = Encoding.UTF8.GetChars(key, text);
        _keys.ByKey.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text[..length], out var found);
        var matches = SecretHash.Matches(found?.Stored.SecretSalt ?? s_noSalt, found?.Stored.SecretHash ?? s_noHash, secret);
        return matches && found is { Stored.Enable: true } && !found.IsExpired(time.GetUtcNow()) ? found : null;
    }

    /// <summary>Reads all keys from the store.</summary>
    public async Task LoadAsync(CancellationToken cancellation) =>
        _keys = new([.. (await store.LoadAsync(cancellation)).Select(stored => new ApiKey(stored))]);

    /// <summary>Makes a key with a new secret.</summary>
    public async Task<(ApiKeyCreation Outcome, ApiKey? Key, string Secret)> CreateAsync(
        string name, string description, bool enable, long? expiresAt, CancellationToken cancellation)
    {
        using var turn = await _changes.TakeAsync(cancellation);
        var key = KeyOf(name);
        if (_keys.ByName.ContainsKey(name) || _keys.ByKey.ContainsKey(key))
            return (ApiKeyCreation.NameTaken, null, "");
        if (_keys.All.Count >= MostKeys)
            return (ApiKeyCreation.TooMany, null, "");
        var secret = SecretHash.NewSecret();
        var made = await PutAsync(Hashed(name, key, secret, description, enable, expiresAt, fromBootstrap: false));
        return (ApiKeyCreation.Done, made, secret);
    }

    /// <summary>Changes a key; null where there is none of that name.</summary>
    public async Task<ApiKey?> ChangeAsync(string name, Func<StoredApiKey, StoredApiKey> change, CancellationToken cancellation)
    {
        using var turn = await _changes.TakeAsync(cancellation);
        return Find(name) is { } key ? await PutAsync(change(key.Stored)) : null;
    }

    /// <summary>Removes a key; false where there is none of that name.</summary>
    public async Task<bool> DeleteAsync(string name, CancellationToken cancellation)
    {
        using var turn = await _changes.TakeAsync(cancellation);
        if (Find(name) is null)
            return false;
        await RemoveAsync(name);
        return true;
    }

    /// <summary>Puts a key of the bootstrap file in place of any that has the same key.</summary>
    public async Task BootstrapAsync(string name, string key, string secret, CancellationToken cancellation)
    {
        using var turn = await _changes.TakeAsync(cancellation);
        if (_keys.ByKey.TryGetValue(key, out var same))
        {
            if (same.Stored.Name != name)
                await RemoveAsync(same.Stored.Name);
            else if (SecretHash.Matches(same.Stored.SecretSalt, same.Stored.SecretHash, Encoding.UTF8.GetBytes(secret)))
                return;
        }

        await PutAsync(Hashed(name, key, secret, "Bootstrapped From File", enable: true, null, fromBootstrap: true));
    }

    /// <summary>Puts a key of a backup in place of any of the same name or key; false where there are too many.</summary>
    public async Task<bool> RestoreAsync(StoredApiKey stored, CancellationToken cancellation)
    {
        using var turn = await _changes.TakeAsync(cancellation);
        if (_keys.ByKey.TryGetValue(stored.Key, out var same) && same.Stored.Name != stored.Name)
            await RemoveAsync(same.Stored.Name);
        if (Find(stored.Name) is null && _keys.All.Count >= MostKeys)
            return false;
        await PutAsync(stored);
        return true;
    }

    /// <summary>The public half that follows from a name.</summary>
    public static string KeyOf(string name) => Convert.ToHexStringLower(SHA512.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 8));

    public void Dispose() => _changes.Dispose();

    private StoredApiKey Hashed(string name, string key, string secret, string description, bool enable, long? expiresAt, bool fromBootstrap)
    {
        var salt = RandomNumberGenerator.GetBytes(SecretHash.SaltSize);
        return new(name, key, salt, SecretHash.Of(salt, Encoding.UTF8.GetBytes(secret)), description, enable, expiresAt,
            time.GetUtcNow().ToUnixTimeSeconds(), fromBootstrap);
    }

    private async Task<ApiKey> PutAsync(StoredApiKey stored)
    {
        await store.SaveAsync(stored, CancellationToken.None);
        var key = new ApiKey(stored);
        _keys = _keys.ByName.ContainsKey(stored.Name)
            ? new([.. _keys.All.Select(known => known.Stored.Name == stored.Name ? key : known)])
            : new([.. _keys.All, key]);
        return key;
    }

    private async Task RemoveAsync(string name)
    {
        await store.DeleteAsync(name, CancellationToken.None);
        _keys = new([.. _keys.All.Where(key => key.Stored.Name != name)]);
    }

    private sealed class Snapshot(IReadOnlyList<ApiKey> all)
    {
        public IReadOnlyList<ApiKey> All => all;
        public Dictionary<string, ApiKey> ByName { get; } = all.ToDictionary(key => key.Stored.Name, StringComparer.Ordinal);
        public Dictionary<string, ApiKey> ByKey { get; } = all.ToDictionary(key => key.Stored.Key, StringComparer.Ordinal);
    }
}
