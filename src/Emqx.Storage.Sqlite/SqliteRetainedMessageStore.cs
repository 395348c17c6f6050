using Emqx.Broker.Storage;

namespace Emqx.Storage.Sqlite;

/// <summary>Retained messages in SQLite.</summary>
internal sealed class SqliteRetainedMessageStore(SqliteWriter writer) : IRetainedMessageStore
{
    private const string Upsert = "INSERT INTO retained_messages (topic, message) VALUES ($1, $2) ON CONFLICT (topic) DO UPDATE SET message = $2";

    public async ValueTask LoadAsync(Action<byte[]> each, CancellationToken cancellation) => await writer.ReadAsync(session =>
    {
        session.ForEach("SELECT message FROM retained_messages", row => each(row.GetFieldValue<byte[]>(0)));
        return true;
    }, cancellation);

    public ValueTask WriteAsync(bool clears, IReadOnlyCollection<KeyValuePair<string, byte[]?>> changes, CancellationToken cancellation) => writer.WriteAsync(session =>
    {
        if (clears && session.Query("SELECT 1 FROM retained_messages LIMIT 1", static _ => true).Count > 0)
            session.Execute("DELETE FROM retained_messages"); // of an empty table it would write a page, and so wait for the disk
        foreach (var (topic, message) in changes)
        {
            if (message is null)
                session.Execute("DELETE FROM retained_messages WHERE topic = $1", topic);
            else
                session.Execute(Upsert, topic, message);
        }
    }, cancellation);
}
