using Emqx.Broker.Storage;

namespace Emqx.Storage.Sqlite;

/// <summary>Changed settings in SQLite.</summary>
internal sealed class SqliteSettingsStore(SqliteWriter writer) : ISettingsStore
{
    public async ValueTask<IReadOnlyDictionary<string, string>> LoadAsync(CancellationToken cancellation)
    {
        var rows = await writer.ReadAsync(session => session.Query("SELECT root, value FROM settings", row => (row.GetString(0), row.GetString(1))), cancellation);
        return rows.ToDictionary(row => row.Item1, row => row.Item2);
    }

    public ValueTask SaveAsync(IReadOnlyDictionary<string, string?> roots, CancellationToken cancellation) => writer.WriteAsync(session =>
    {
        foreach (var (root, value) in roots)
        {
            if (value is null)
                session.Execute("DELETE FROM settings WHERE root = $1", root);
            else
                session.Execute("INSERT INTO settings (root, value) VALUES ($1, $2) ON CONFLICT (root) DO UPDATE SET value = $2", root, value);
        }
    }, cancellation);
}
