using Emqx.Broker.Protocol;
using Emqx.Broker.Storage;
using Emqx.Broker.Storage.Backups;

namespace Emqx.Broker.Modules.Delayed;

/// <summary>The waiting messages in backups; EMQX's have none. Those whose time passes before they are put back are left out: the node that had them has published them.</summary>
internal sealed class DelayedBackup(DelayedQueue queue, DelayedJournal journal, TimeProvider time)
    : BackupTable<StoredDelayedMessage>("delayed", BackupRows.Default.StoredDelayedMessage)
{
    private const byte HighestQos = 2;

    public override async ValueTask ImportAsync(IReadOnlyList<byte[]> rows, CancellationToken cancellation)
    {
        await base.ImportAsync(rows, cancellation).ConfigureAwait(false);
        await journal.SettledAsync().WaitAsync(cancellation).ConfigureAwait(false);
    }

    protected override IEnumerable<StoredDelayedMessage> Rows() => queue.All().Select(static message => message.ToStored());

    protected override ValueTask RestoreAsync(StoredDelayedMessage row, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (!IsSound(row, now))
            throw new InvalidDataException($"{Name}: unreadable row");
        var message = DelayedMessage.FromStored(row);
        if (row.ExpectedAt <= now || queue.Find(message.Message.Id) is not null)
            return ValueTask.CompletedTask;
        if (queue.Add(message with { Place = journal.NextPlace() }, out _) is var outcome and not DelayedOutcome.Waits)
            throw new InvalidDataException($"{Name}: no room for the message to {row.Topic}: {ReasonOf(outcome)}");
        return ValueTask.CompletedTask;
    }

    private static bool IsSound(StoredDelayedMessage row, long now) => TopicName.IsValid(row.Topic) && row.Qos <= HighestQos
        && row.IntervalSeconds is >= 0 and <= DelayedTopic.MaxSeconds && row.ExpectedAt <= now + (DelayedTopic.MaxSeconds * 1000)
        && row is { ExpectedAt: > 0, PublishedAt: > 0, ExpiresAt: >= 0 } && row.PublishedAt <= row.ExpectedAt && ForwardedProperties.AreSound(row.Properties);

    private static string ReasonOf(DelayedOutcome outcome) => outcome switch
    {
        DelayedOutcome.Off => "delayed.enable is false",
        DelayedOutcome.TooMany => "delayed.max_delayed_messages",
        _ => "memory",
    };
}
