using Emqx.Broker.Storage;
using Microsoft.Data.Sqlite;

namespace Emqx.Storage.Sqlite;

/// <summary>Dashboard users in SQLite.</summary>
internal sealed class SqliteDashboardUserStore(SqliteWriter writer) : IDashboardUserStore
{
    private const string Upsert = """
        INSERT INTO dashboard_users (username, description, password_salt, password_hash, iterations, created_at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (username) DO UPDATE SET description = $2, password_salt = $3, password_hash = $4, iterations = $5, created_at = $6
        """;

    public async ValueTask<IReadOnlyList<StoredUser>> LoadAsync(CancellationToken cancellation) => await writer.ReadAsync(session => session.Query(
        "SELECT username, description, password_salt, password_hash, iterations, created_at FROM dashboard_users ORDER BY rowid", Read), cancellation);

    public ValueTask SaveAsync(StoredUser user, CancellationToken cancellation) => writer.WriteAsync(session => session.Execute(Upsert,
        user.Username, user.Description, user.PasswordSalt, user.PasswordHash, user.Iterations, user.CreatedAt), cancellation);

    public ValueTask DeleteAsync(string username, CancellationToken cancellation) =>
        writer.WriteAsync(session => session.Execute("DELETE FROM dashboard_users WHERE username = $1", username), cancellation);

    private static StoredUser Read(SqliteDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetFieldValue<byte[]>(2), row.GetFieldValue<byte[]>(3), row.GetInt32(4), row.GetInt64(5));
}
