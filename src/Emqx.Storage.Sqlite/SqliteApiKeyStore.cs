using Emqx.Broker.Storage;
using Microsoft.Data.Sqlite;

namespace Emqx.Storage.Sqlite;

/// <summary>API keys in SQLite.</summary>
internal sealed class SqliteApiKeyStore(SqliteWriter writer) : IApiKeyStore
{
    private const string Upsert = """
        INSERT INTO api_keys (name, key, secret_salt, secret_hash, description, enable, expires_at, created_at, from_bootstrap)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (name) DO UPDATE SET key = $2, secret_salt = $3, secret_hash = $4, description = $5, enable = $6,
          expires_at = $7, created_at = $8, from_bootstrap = $9
        """;

    public async ValueTask<IReadOnlyList<StoredApiKey>> LoadAsync(CancellationToken cancellation) => await writer.ReadAsync(session => session.Query(
        "SELECT name, key, secret_salt, secret_hash, description, enable, expires_at, created_at, from_bootstrap FROM api_keys ORDER BY rowid", Read), cancellation);

    public ValueTask SaveAsync(StoredApiKey key, CancellationToken cancellation) => writer.WriteAsync(session => session.Execute(Upsert,
        key.Name, key.Key, key.SecretSalt, key.SecretHash, key.Description, key.Enable, key.ExpiresAt, key.CreatedAt, key.FromBootstrap), cancellation);

    public ValueTask DeleteAsync(string name, CancellationToken cancellation) =>
        writer.WriteAsync(session => session.Execute("DELETE FROM api_keys WHERE name = $1", name), cancellation);

    private static StoredApiKey Read(SqliteDataReader row) => new(row.GetString(0), row.GetString(1), row.GetFieldValue<byte[]>(2), row.GetFieldValue<byte[]>(3),
        row.GetString(4), row.GetBoolean(5), row.IsDBNull(6) ? null : row.GetInt64(6), row.GetInt64(7), row.GetBoolean(8));
}
