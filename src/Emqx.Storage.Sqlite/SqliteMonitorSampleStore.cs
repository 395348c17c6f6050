using Emqx.Broker.Storage;
using Microsoft.Data.Sqlite;

namespace Emqx.Storage.Sqlite;

/// <summary>Monitor samples in SQLite.</summary>
internal sealed class SqliteMonitorSampleStore(SqliteWriter writer) : IMonitorSampleStore
{
    private const string Columns = """
        at, received, sent, dropped, persisted, validation_succeeded, validation_failed, transformation_succeeded, transformation_failed,
        connections, live_connections, subscriptions, subscriptions_durable, subscriptions_ram, disconnected_durable_sessions, topics
        """;

    public async ValueTask<IReadOnlyList<StoredMonitorSample>> LoadAsync(long since, CancellationToken cancellation) => await writer.ReadAsync(session => session.Query(
        $"SELECT {Columns} FROM monitor_samples WHERE at >= $1 ORDER BY at", Read, since), cancellation);

    public void Append(StoredMonitorSample sample) => writer.WriteSoon(key: null, session => Insert(session, sample));

    public ValueTask ReplaceAsync(IReadOnlyCollection<long> removed, IReadOnlyCollection<StoredMonitorSample> added, CancellationToken cancellation) =>
        writer.WriteAsync(session =>
        {
            foreach (var at in removed)
                session.Execute("DELETE FROM monitor_samples WHERE at = $1", at);
            foreach (var sample in added)
                Insert(session, sample);
        }, cancellation);

    public ValueTask DeleteBeforeAsync(long before, CancellationToken cancellation) =>
        writer.WriteAsync(session => session.Execute("DELETE FROM monitor_samples WHERE at < $1", before), cancellation);

    public ValueTask ClearAsync(CancellationToken cancellation) => writer.WriteAsync(session => session.Execute("DELETE FROM monitor_samples"), cancellation);

    private static void Insert(SqliteSession session, StoredMonitorSample s) => session.Execute(
        $"INSERT OR REPLACE INTO monitor_samples ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        s.At, s.Received, s.Sent, s.Dropped, s.Persisted, s.ValidationSucceeded, s.ValidationFailed, s.TransformationSucceeded, s.TransformationFailed,
        s.Connections, s.LiveConnections, s.Subscriptions, s.SubscriptionsDurable, s.SubscriptionsRam, s.DisconnectedDurableSessions, s.Topics);

    private static StoredMonitorSample Read(SqliteDataReader row) => new(row.GetInt64(0))
    {
        Received = row.GetInt64(1),
        Sent = row.GetInt64(2),
        Dropped = row.GetInt64(3),
        Persisted = row.GetInt64(4),
        ValidationSucceeded = row.GetInt64(5),
        ValidationFailed = row.GetInt64(6),
        TransformationSucceeded = row.GetInt64(7),
        TransformationFailed = row.GetInt64(8),
        Connections = row.GetInt64(9),
        LiveConnections = row.GetInt64(10),
        Subscriptions = row.GetInt64(11),
        SubscriptionsDurable = row.GetInt64(12),
        SubscriptionsRam = row.GetInt64(13),
        DisconnectedDurableSessions = row.GetInt64(14),
        Topics = row.GetInt64(15),
    };
}
