using Emqx.Broker.Storage;

namespace Emqx.Storage.Sqlite;

/// <summary>Bans in SQLite.</summary>
internal sealed class SqliteBanStore(SqliteWriter writer) : IBanStore
{
    private const string Upsert = """
        INSERT INTO bans (kind, who, by, reason, at, until) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (kind, who) DO UPDATE SET by = $3, reason = $4, at = $5, until = $6
        """;

    public async ValueTask<IReadOnlyList<StoredBan>> LoadAsync(CancellationToken cancellation) => await writer.ReadAsync(session => session.Query(
        "SELECT kind, who, by, reason, at, until FROM bans ORDER BY rowid",
        row => new StoredBan(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4), row.IsDBNull(5) ? null : row.GetInt64(5))), cancellation);

    public ValueTask SaveAsync(StoredBan ban, CancellationToken cancellation) => writer.WriteAsync(session => session.Execute(Upsert,
        ban.As, ban.Who, ban.By, ban.Reason, ban.At, ban.Until), cancellation);

    public ValueTask DeleteAsync(string kind, string who, CancellationToken cancellation) =>
        writer.WriteAsync(session => session.Execute("DELETE FROM bans WHERE kind = $1 AND who = $2", kind, who), cancellation);

    public ValueTask DeleteExpiredAsync(long before, CancellationToken cancellation) =>
        writer.WriteAsync(session => session.Execute("DELETE FROM bans WHERE until < $1", before), cancellation);

    public ValueTask ClearAsync(CancellationToken cancellation) => writer.WriteAsync(session => session.Execute("DELETE FROM bans"), cancellation);
}
