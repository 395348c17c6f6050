using System.Text;
using Emqx.Broker.Collections;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Modules.Retainer;

/// <summary>
/// The message kept for a topic, as one block of bytes: of a million of them each field that were an object of its own would cost tens of
/// megabytes. Storage keeps the same bytes.
/// </summary>
internal sealed class RetainedMessage
{
    public RetainedMessage(Message message, long expiresAt) => (Packed, PublishedAt, ExpiresAt) = (PackedMessage.Pack(message, expiresAt), message.PublishedAt, expiresAt);

    private RetainedMessage(byte[] packed, long publishedAt, long expiresAt) => (Packed, PublishedAt, ExpiresAt) = (packed, publishedAt, expiresAt);

    /// <summary>As it is kept; see <see cref="PackedMessage"/>.</summary>
    public byte[] Packed { get; }

    /// <summary>Unix milliseconds.</summary>
    public long PublishedAt { get; }

    /// <summary>The store's, Unix milliseconds; 0 for never.</summary>
    public long ExpiresAt { get; }

    public ReadOnlySpan<byte> TopicUtf8 => PackedMessage.TopicOf(Packed);

    public string Topic => Encoding.UTF8.GetString(TopicUtf8);

    /// <summary>The message of bytes that storage has kept; null where they are none.</summary>
    public static RetainedMessage? Unpack(byte[] packed) =>
        PackedMessage.IsWhole(packed) ? new(packed, PackedMessage.PublishedAtOf(packed), PackedMessage.ExpiresAtOf(packed)) : null;

    public bool IsExpired(long now) => ExpiresAt != 0 && now >= ExpiresAt;

    /// <summary>The message as it was published. Its payload is not copied.</summary>
    public Message ToMessage() => PackedMessage.Unpack(Packed);
}

/// <summary>Retained messages in the order in which they were published, those of the same moment by the bytes of their topics.</summary>
internal readonly struct RetainedOrder : IRowOrder<RetainedMessage, RetainedMessage>
{
    public static RetainedMessage KeyOf(RetainedMessage row) => row;

    public static int Compare(in RetainedMessage key, RetainedMessage row)
    {
        if (ReferenceEquals(key, row))
            return 0;
        var order = key.PublishedAt.CompareTo(row.PublishedAt);
        return order != 0 ? order : key.TopicUtf8.SequenceCompareTo(row.TopicUtf8);
    }
}
