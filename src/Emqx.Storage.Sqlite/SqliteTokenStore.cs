using Emqx.Broker.Storage;

namespace Emqx.Storage.Sqlite;

/// <summary>Bearer tokens in SQLite.</summary>
internal sealed class SqliteTokenStore(SqliteWriter writer) : ITokenStore
{
    private const string Upsert = """
        INSERT INTO tokens (token_hash, username, expires_at, last_used_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (token_hash) DO UPDATE SET username = $2, expires_at = $3, last_used_at = $4
        """;

    public async ValueTask<IReadOnlyList<StoredToken>> LoadAsync(CancellationToken cancellation) => await writer.ReadAsync(session => session.Query(
        "SELECT token_hash, username, expires_at, last_used_at FROM tokens ORDER BY rowid",
        row => new StoredToken(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3))), cancellation);

    public ValueTask SaveAsync(StoredToken token, CancellationToken cancellation) => writer.WriteAsync(session => session.Execute(Upsert,
        token.TokenHash, token.Username, token.ExpiresAt, token.LastUsedAt), cancellation);

    public void Renew(string tokenHash, long expiresAt, long lastUsedAt) => writer.WriteSoon(tokenHash, session => session.Execute(
        "UPDATE tokens SET expires_at = $2, last_used_at = $3 WHERE token_hash = $1", tokenHash, expiresAt, lastUsedAt));

    public ValueTask DeleteAsync(string tokenHash, CancellationToken cancellation) =>
        writer.WriteAsync(session => session.Execute("DELETE FROM tokens WHERE token_hash = $1", tokenHash), cancellation);

    public ValueTask DeleteOfUserAsync(string username, CancellationToken cancellation) =>
        writer.WriteAsync(session => session.Execute("DELETE FROM tokens WHERE username = $1", username), cancellation);

    public ValueTask DeleteExpiredAsync(long before, CancellationToken cancellation) =>
        writer.WriteAsync(session => session.Execute("DELETE FROM tokens WHERE expires_at < $1", before), cancellation);
}
