using System.Text;
using Emqx.Broker.Protocol;
using Emqx.Broker.Storage.Backups;
using Emqx.Broker.Storage.Backups.Mnesia;

namespace Emqx.Broker.Modules.Retainer;

/// <summary>The retained messages in backups, but those that the node says of itself.</summary>
internal sealed class RetainedBackup(RetainedStore store, RetainerModule module) : BackupTable<PackedRow>("builtin_retainer", BackupRows.Default.PackedRow)
{
    private const string OfTheNode = "$SYS/";
    private const byte HighestQos = 2;

    public override IReadOnlyList<string> MnesiaTables => ["emqx_retainer_message"];

    public override async ValueTask ImportAsync(IReadOnlyList<byte[]> rows, CancellationToken cancellation)
    {
        await base.ImportAsync(rows, cancellation).ConfigureAwait(false);
        await module.StoredAsync(cancellation).ConfigureAwait(false);
    }

    protected override IEnumerable<PackedRow> Rows() =>
        store.All().Where(static message => !message.Topic.StartsWith(OfTheNode, StringComparison.Ordinal)).Select(static message => new PackedRow(message.Packed));

    protected override ValueTask RestoreAsync(PackedRow row, CancellationToken cancellation)
    {
        if (RetainedMessage.Unpack(row.Bytes) is not { } message || !TopicName.IsValid(message.Topic) || !IsSound(message.ToMessage()))
            throw new InvalidDataException($"{Name}: unreadable row");
        store.Import(message);
        return ValueTask.CompletedTask;
    }

    private static bool IsSound(Message message) => message.Qos <= HighestQos && ForwardedProperties.AreSound(message.Properties);

    protected override PackedRow? FromMnesia(ErlangTerm.Tuple row)
    {
        if (row.Items is not [_, _, ErlangTerm.Tuple { Items: [_, _, ErlangTerm.Integer { Value: >= 0 and <= 2 } qos, var from, _, var headers, { Text: { } topic }, ErlangTerm.Binary payload,
            ErlangTerm.Integer { Value: > 0 } publishedAt, ..] }, var expiry])
            return null;
        var known = headers as ErlangTerm.Map;
        var message = new Message
        {
            Topic = topic,
            TopicUtf8 = Encoding.UTF8.GetBytes(topic),
            Payload = payload.Bytes,
            Qos = (byte)qos.Value,
            Retain = true,
            From = from.Text ?? (from as ErlangTerm.Atom)?.Name ?? "",
            FromUsername = known?["username"]?.Text,
            FromPeerHost = known?["peerhost"]?.Address?.ToString(),
            PublishedAt = publishedAt.Value,
            ExpiresAt = known?["properties"] is ErlangTerm.Map properties && properties["Message-Expiry-Interval"] is ErlangTerm.Integer { Value: > 0 and <= uint.MaxValue } seconds
                ? publishedAt.Value + seconds.Value * 1000
                : 0,
        };
        return new(new RetainedMessage(message, (expiry as ErlangTerm.Integer)?.Value ?? 0).Packed);
    }
}
