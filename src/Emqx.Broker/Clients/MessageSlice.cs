using System.Buffers.Text;
using System.Globalization;
using Emqx.Broker.Sessions;

namespace Emqx.Broker.Clients;

/// <summary>Which messages of a session are meant.</summary>
internal enum MessageList
{
    /// <summary>Waiting for room in the window, or for the client.</summary>
    Mqueue,

    /// <summary>Delivered, not yet acknowledged.</summary>
    Inflight,
}

/// <summary>How payloads are written: decides how many bytes count.</summary>
internal enum PayloadEncoding
{
    Base64,
    Plain,
    None,
}

/// <summary>A question for some messages of a session.</summary>
/// <param name="After">Where the answer before ended; null from the start.</param>
/// <param name="MaxPayloadBytes">Messages are left out once their encoded payloads pass it; the first always comes.</param>
internal sealed record MessageSliceQuery(MessageList List, MessagePosition? After, int Limit, PayloadEncoding Encoding, long MaxPayloadBytes);

/// <summary>The place of a message in a queue: by priority, highest first, then by age.</summary>
/// <param name="InsertedAt">Nanoseconds.</param>
internal readonly record struct MessagePosition(long InsertedAt, int Priority)
{
    /// <summary>Reads <c>inserted_at</c> (inflight) or <c>inserted_at_priority</c> (mqueue).</summary>
    public static bool TryParse(string text, MessageList list, out MessagePosition position)
    {
        position = default;
        var priority = 0;
        var at = text.AsSpan();
        if (list == MessageList.Mqueue)
        {
            var cut = at.IndexOf('_');
            if (cut < 0 || !TryParsePriority(at[(cut + 1)..], out priority))
                return false;
            at = at[..cut];
        }

        if (!long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var insertedAt))
            return false;
        position = new MessagePosition(insertedAt, priority);
        return true;
    }

    private static bool TryParsePriority(ReadOnlySpan<char> text, out int priority)
    {
        if (text.SequenceEqual("infinity"))
        {
            priority = int.MaxValue;
            return true;
        }

        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out priority);
    }

    /// <summary>As it stands in an answer.</summary>
    public string ToText(MessageList list)
    {
        var at = InsertedAt.ToString(CultureInfo.InvariantCulture);
        return list == MessageList.Inflight ? at : at + "_" + PriorityText(Priority);
    }

    /// <summary>A priority as text; int.MaxValue stands for EMQX's infinity.</summary>
    public static string PriorityText(int priority) => priority == int.MaxValue ? "infinity" : priority.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether this place comes after <paramref name="other"/>.</summary>
    public bool IsAfter(MessagePosition other) => Priority != other.Priority ? Priority < other.Priority : InsertedAt > other.InsertedAt;
}

/// <summary>Some messages of a session, oldest first (a mqueue: by priority, then age).</summary>
/// <param name="Start">The first of the whole list; null where it is empty.</param>
/// <param name="Position">The last returned, or what was asked for where nothing is returned; null for neither.</param>
internal sealed record MessageSlice(ReadOnlyMemory<QueuedMessage> Messages, MessagePosition? Start, MessagePosition? Position)
{
    /// <summary>Cuts the slice that <paramref name="query"/> asks for out of a whole list.</summary>
    public static MessageSlice Cut(QueuedMessage[] all, MessageSliceQuery query)
    {
        if (all.Length == 0)
            return new MessageSlice(default, null, query.After);
        var first = 0;
        while (query.After is { } after && first < all.Length && !Place(all[first]).IsAfter(after))
            first++;
        var count = 0;
        long bytes = 0;
        while (count < query.Limit && first + count < all.Length)
        {
            bytes += EncodedLength(all[first + count], query.Encoding);
            if (count > 0 && bytes > query.MaxPayloadBytes)
                break;
            count++;
        }

        return new MessageSlice(all.AsMemory(first, count), Place(all[0]), count > 0 ? Place(all[first + count - 1]) : query.After);
    }

    private static MessagePosition Place(in QueuedMessage message) => new(message.InsertedAt, message.Priority);

    private static long EncodedLength(in QueuedMessage message, PayloadEncoding encoding) => encoding switch
    {
        PayloadEncoding.None => 0,
        PayloadEncoding.Plain => message.Message.Payload.Length,
        _ => Base64.GetMaxEncodedToUtf8Length(message.Message.Payload.Length),
    };
}
