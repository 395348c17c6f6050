using Emqx.Broker.Storage;

namespace Emqx.Storage.Sqlite;

/// <summary>Traces in SQLite.</summary>
internal sealed class SqliteTraceStore(SqliteWriter writer) : ITraceStore
{
    private const string Upsert = """
        INSERT INTO traces (name, type, filter, payload_encode, formatter, start_at, end_at, enable) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (name) DO UPDATE SET type = $2, filter = $3, payload_encode = $4, formatter = $5, start_at = $6, end_at = $7, enable = $8
        """;

    public async ValueTask<IReadOnlyList<StoredTrace>> LoadAsync(CancellationToken cancellation) => await writer.ReadAsync(session => session.Query(
        "SELECT name, type, filter, payload_encode, formatter, start_at, end_at, enable FROM traces ORDER BY rowid",
        row => new StoredTrace(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetInt64(5), row.GetInt64(6),
            row.GetBoolean(7))), cancellation);

    public ValueTask SaveAsync(StoredTrace trace, CancellationToken cancellation) => writer.WriteAsync(session => session.Execute(Upsert,
        trace.Name, trace.Type, trace.Filter, trace.PayloadEncode, trace.Formatter, trace.StartAt, trace.EndAt, trace.Enable), cancellation);

    public ValueTask DeleteAsync(string name, CancellationToken cancellation) =>
        writer.WriteAsync(session => session.Execute("DELETE FROM traces WHERE name = $1", name), cancellation);

    public ValueTask ClearAsync(CancellationToken cancellation) => writer.WriteAsync(session => session.Execute("DELETE FROM traces"), cancellation);
}
