using System.Runtime.InteropServices;
using System.Text;
using Emqx.Broker.Collections;
using Emqx.Broker.Protocol;
using Emqx.Broker.Storage;

namespace Emqx.Broker.Modules.Delayed;

/// <summary>A message that waits, with its real topic.</summary>
/// <param name="ExpectedAt">When it is published, Unix milliseconds.</param>
/// <param name="IntervalSeconds">How long it was told to wait.</param>
/// <param name="Place">Its place in the <see cref="DelayedJournal"/>; 0 where it has none, since its time has come already.</param>
internal sealed record DelayedMessage(Message Message, long ExpectedAt, long IntervalSeconds, long Place)
{
    /// <summary>What a message costs beside its bytes: the objects, places in the queue and in its index.</summary>
    private const int Overhead = 500;

    /// <summary>Bytes of memory that it takes, roughly; the topic is there as text and as bytes.</summary>
    public long Size { get; } = Overhead + (3L * Message.Topic.Length) + Message.Payload.Length + Message.Properties.Length;

    /// <summary>How long it still waits, in seconds.</summary>
    public long RemainingSeconds(long now) => Math.Max(0, (ExpectedAt - now) / 1000);

    public StoredDelayedMessage ToStored() => new(Place, ExpectedAt, IntervalSeconds)
    {
        IdHigh = (long)Message.Id.High,
        IdLow = (long)Message.Id.Low,
        Topic = Message.Topic,
        Payload = BytesOf(Message.Payload),
        Qos = Message.Qos,
        Retain = Message.Retain,
        Properties = Message.Properties,
        From = Message.From,
        FromUsername = Message.FromUsername,
        FromPeerHost = Message.FromPeerHost,
        PublishedAt = Message.PublishedAt,
        ExpiresAt = Message.ExpiresAt,
        ExpiryIsDefault = Message.ExpiryIsDefault,
    };

    public static DelayedMessage FromStored(StoredDelayedMessage stored)
    {
        var message = new Message
        {
            Topic = stored.Topic,
            TopicUtf8 = Encoding.UTF8.GetBytes(stored.Topic),
            Payload = stored.Payload,
            Qos = stored.Qos,
            Retain = stored.Retain,
            Properties = stored.Properties,
            From = stored.From,
            FromUsername = stored.FromUsername,
            FromPeerHost = stored.FromPeerHost,
            PublishedAt = stored.PublishedAt,
            ExpiresAt = stored.ExpiresAt,
            ExpiryIsDefault = stored.ExpiryIsDefault,
            Id = new MessageId((ulong)stored.IdHigh, (ulong)stored.IdLow),
        };
        return new(message, stored.ExpectedAt, stored.IntervalSeconds, stored.Place);
    }

    /// <summary>The array itself where the payload is all of one.</summary>
    private static byte[] BytesOf(ReadOnlyMemory<byte> payload) =>
        MemoryMarshal.TryGetArray(payload, out var part) && part.Array is { } array && array.Length == part.Count ? array : payload.ToArray();
}

/// <summary>Waiting messages in the order in which they are due.</summary>
internal readonly struct DelayedOrder : IRowOrder<DelayedMessage, (long ExpectedAt, MessageId Id)>
{
    public static (long ExpectedAt, MessageId Id) KeyOf(DelayedMessage row) => (row.ExpectedAt, row.Message.Id);

    public static int Compare(in (long ExpectedAt, MessageId Id) key, DelayedMessage row)
    {
        var order = key.ExpectedAt.CompareTo(row.ExpectedAt);
        if (order != 0)
            return order;
        var id = row.Message.Id;
        order = key.Id.High.CompareTo(id.High);
        return order != 0 ? order : key.Id.Low.CompareTo(id.Low);
    }
}
