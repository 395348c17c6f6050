using Emqx.Broker.Storage;

namespace Emqx.Storage.Sqlite;

/// <summary>Users of authenticators in SQLite.</summary>
internal sealed class SqliteAuthnUserStore(SqliteWriter writer) : IAuthnUserStore
{
    private const string Columns = "authenticator, user_id, hash, server_key, salt, is_superuser";

    public async ValueTask<IReadOnlyList<StoredAuthnUser>> LoadAsync(CancellationToken cancellation) => await writer.ReadAsync(session => session.Query(
        $"SELECT {Columns} FROM authn_users ORDER BY authenticator, user_id",
        row => new StoredAuthnUser(row.GetString(0), row.GetString(1), row.GetFieldValue<byte[]>(2), row.GetFieldValue<byte[]>(3), row.GetFieldValue<byte[]>(4), row.GetBoolean(5))),
        cancellation);

    public ValueTask SaveAsync(IReadOnlyCollection<StoredAuthnUser> users, CancellationToken cancellation) => writer.WriteAsync(session =>
    {
        foreach (var user in users)
        {
            session.Execute($"INSERT OR REPLACE INTO authn_users ({Columns}) VALUES ($1, $2, $3, $4, $5, $6)",
                user.Authenticator, user.UserId, user.Hash, user.ServerKey, user.Salt, user.IsSuperuser);
        }
    }, cancellation);

    public ValueTask DeleteAsync(string authenticator, string userId, CancellationToken cancellation) =>
        writer.WriteAsync(session => session.Execute("DELETE FROM authn_users WHERE authenticator = $1 AND user_id = $2", authenticator, userId), cancellation);

    public ValueTask ClearAsync(string authenticator, CancellationToken cancellation) =>
        writer.WriteAsync(session => session.Execute("DELETE FROM authn_users WHERE authenticator = $1", authenticator), cancellation);
}
