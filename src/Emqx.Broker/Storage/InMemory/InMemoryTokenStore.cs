namespace Emqx.Broker.Storage.InMemory;

/// <summary>Bearer tokens that are gone with the process.</summary>
internal sealed class InMemoryTokenStore : ITokenStore
{
    private readonly InMemoryTable<string, StoredToken> _rows = new(row => row.TokenHash);

    public ValueTask<IReadOnlyList<StoredToken>> LoadAsync(CancellationToken cancellation) => new(_rows.ToList());

    public ValueTask SaveAsync(StoredToken token, CancellationToken cancellation)
    {
        _rows.Save(token);
        return default;
    }

    public void Renew(string tokenHash, long expiresAt, long lastUsedAt)
    {
        if (_rows.TryGet(tokenHash, out var token))
            _rows.Save(token with { ExpiresAt = expiresAt, LastUsedAt = lastUsedAt });
    }

    public ValueTask DeleteAsync(string tokenHash, CancellationToken cancellation)
    {
        _rows.Delete(tokenHash);
        return default;
    }

    public ValueTask DeleteOfUserAsync(string username, CancellationToken cancellation)
    {
        _rows.DeleteWhere(row => row.Username == username);
        return default;
    }

    public ValueTask DeleteExpiredAsync(long before, CancellationToken cancellation)
    {
        _rows.DeleteWhere(row => row.ExpiresAt < before);
        return default;
    }
}
