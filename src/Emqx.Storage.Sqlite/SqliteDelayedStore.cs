using Emqx.Broker.Storage;
using Microsoft.Data.Sqlite;

namespace Emqx.Storage.Sqlite;

/// <summary>Delayed messages in SQLite. Places grow, so that what comes goes to the end of the table.</summary>
internal sealed class SqliteDelayedStore(SqliteWriter writer) : IDelayedStore
{
    private const string Columns = """
        place, expected_at, interval_seconds, id_high, id_low, topic, payload, qos, retain, properties, from_clientid, from_username, from_peerhost,
        published_at, expires_at, expiry_is_default
        """;

    private const string Insert = $"""
        INSERT OR REPLACE INTO delayed_messages ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        """;

    public async ValueTask<IReadOnlyList<StoredDelayedMessage>> LoadAsync(CancellationToken cancellation) => await writer.ReadAsync(session => session.Query(
        $"SELECT {Columns} FROM delayed_messages ORDER BY place", Read), cancellation);

    public ValueTask SaveAsync(IReadOnlyCollection<StoredDelayedMessage> messages, CancellationToken cancellation) => writer.WriteAsync(session =>
    {
        foreach (var one in messages)
        {
            session.Execute(Insert, one.Place, one.ExpectedAt, one.IntervalSeconds, one.IdHigh, one.IdLow, one.Topic, one.Payload, one.Qos, one.Retain,
                one.Properties, one.From, one.FromUsername, one.FromPeerHost, one.PublishedAt, one.ExpiresAt, one.ExpiryIsDefault);
        }
    }, cancellation);

    public ValueTask DeleteAsync(IReadOnlyCollection<long> places, CancellationToken cancellation) => writer.WriteAsync(session =>
    {
        foreach (var place in places)
            session.Execute("DELETE FROM delayed_messages WHERE place = $1", place);
    }, cancellation);

    public ValueTask ClearAsync(CancellationToken cancellation) => writer.WriteAsync(session => session.Execute("DELETE FROM delayed_messages"), cancellation);

    private static StoredDelayedMessage Read(SqliteDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2))
    {
        IdHigh = row.GetInt64(3),
        IdLow = row.GetInt64(4),
        Topic = row.GetString(5),
        Payload = row.GetFieldValue<byte[]>(6),
        Qos = row.GetByte(7),
        Retain = row.GetBoolean(8),
        Properties = row.GetFieldValue<byte[]>(9),
        From = row.GetString(10),
        FromUsername = row.IsDBNull(11) ? null : row.GetString(11),
        FromPeerHost = row.IsDBNull(12) ? null : row.GetString(12),
        PublishedAt = row.GetInt64(13),
        ExpiresAt = row.GetInt64(14),
        ExpiryIsDefault = row.GetBoolean(15),
    };
}
