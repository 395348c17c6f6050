using Emqx.Broker.Storage;

namespace Emqx.Storage.Sqlite;

/// <summary>Alarms in SQLite.</summary>
internal sealed class SqliteAlarmStore(SqliteWriter writer) : IAlarmStore
{
    private const string Upsert = """
        INSERT INTO alarms (id, node, name, message, details, activated_at, deactivated_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (id) DO UPDATE SET node = $2, name = $3, message = $4, details = $5, activated_at = $6, deactivated_at = $7
        """;

    public async ValueTask<IReadOnlyList<StoredAlarm>> LoadAsync(CancellationToken cancellation) => await writer.ReadAsync(session => session.Query(
        "SELECT id, node, name, message, details, activated_at, deactivated_at FROM alarms ORDER BY id",
        row => new StoredAlarm(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetInt64(5), row.IsDBNull(6) ? null : row.GetInt64(6))), cancellation);

    public ValueTask SaveAsync(StoredAlarm alarm, CancellationToken cancellation) => writer.WriteAsync(session => session.Execute(Upsert,
        alarm.Id, alarm.Node, alarm.Name, alarm.Message, alarm.Details, alarm.ActivatedAt, alarm.DeactivatedAt), cancellation);

    public ValueTask DeleteAsync(IReadOnlyCollection<long> ids, CancellationToken cancellation) => writer.WriteAsync(session =>
    {
        foreach (var id in ids)
            session.Execute("DELETE FROM alarms WHERE id = $1", id);
    }, cancellation);

    public ValueTask ClearPastAsync(CancellationToken cancellation) =>
        writer.WriteAsync(session => session.Execute("DELETE FROM alarms WHERE deactivated_at IS NOT NULL"), cancellation);
}
