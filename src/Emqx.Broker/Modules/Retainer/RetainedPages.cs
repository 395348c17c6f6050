using System.Text;
using Emqx.Broker.Protocol;
using Rows = Emqx.Broker.Collections.SortedChunks<Emqx.Broker.Modules.Retainer.RetainedMessage, Emqx.Broker.Modules.Retainer.RetainedMessage,
    Emqx.Broker.Modules.Retainer.RetainedOrder>;

namespace Emqx.Broker.Modules.Retainer;

/// <summary>
/// Cuts pages out of the retained messages in the order in which they were published. Chunks in which nothing has ended are passed over
/// without a look at their messages; what a filter selects is found in the tree and sorted, unless it is a large part of all.
/// </summary>
internal readonly ref struct RetainedPages(Rows list, RetainedTree tree, long now)
{
    private const int MostSorted = 20_000;
    private const int MostPlaces = 100_000;
    private const int LongestOnStack = 512;

    private readonly Rows _list = list;
    private readonly RetainedTree _tree = tree;
    private readonly long _now = now;

    /// <summary>A page of all.</summary>
    public int All(long skip, Span<Message> into)
    {
        var copied = 0;
        using var walk = _list.Scan();
        while (copied < into.Length && walk.TryNext(out var rows))
        {
            if (skip >= rows.Length && walk.IsWhole && FirstEnd(walk, rows) > _now)
                skip -= rows.Length;
            else
                copied = Copy(rows, ref skip, into, copied);
        }

        return copied;
    }

    /// <summary>A page of those that a filter with wildcards selects.</summary>
    public int Matching(string filter, long skip, Span<Message> into)
    {
        var found = new List<RetainedMessage>();
        if (!TryCollect(filter, found))
            return Scan(filter, skip, into);
        found.Sort(static (one, other) => RetainedOrder.Compare(one, other));
        var copied = 0;
        for (var i = skip; i < found.Count && copied < into.Length; i++)
            into[copied++] = found[(int)i].ToMessage();
        return copied;
    }

    /// <summary>When the first of a chunk's messages ends; long.MaxValue for never. Kept for later walks as long as the chunk stays as it is.</summary>
    public static long FirstEnd(in Rows.Walk walk, ReadOnlySpan<RetainedMessage> rows)
    {
        if (walk.Digest is long known)
            return known;
        var first = long.MaxValue;
        foreach (var row in rows)
        {
            if (row.ExpiresAt != 0 && row.ExpiresAt < first)
                first = row.ExpiresAt;
        }

        walk.Keep(first);
        return first;
    }

    private int Copy(ReadOnlySpan<RetainedMessage> rows, ref long skip, Span<Message> into, int copied)
    {
        foreach (var row in rows)
        {
            if (row.IsExpired(_now) || skip-- > 0)
                continue;
            into[copied++] = row.ToMessage();
            if (copied == into.Length)
                break;
        }

        return copied;
    }

    /// <summary>Finds them by the tree. False: there are too many, or too many places where they could be.</summary>
    private bool TryCollect(string filter, List<RetainedMessage> found)
    {
        var walk = new RetainedWalk(_tree, filter);
        var budget = MostPlaces;
        while (found.Count < MostSorted && walk.Next(ref budget) is { } message)
        {
            if (!message.IsExpired(_now))
                found.Add(message);
        }

        return walk.IsOver;
    }

    private int Scan(string filter, long skip, Span<Message> into)
    {
        var copied = 0;
        Span<char> buffer = stackalloc char[LongestOnStack];
        using var walk = _list.Scan();
        while (walk.TryNext(out var rows))
        {
            foreach (var row in rows)
            {
                if (row.IsExpired(_now) || !IsSelected(row, filter, buffer) || skip-- > 0)
                    continue;
                into[copied++] = row.ToMessage();
                if (copied == into.Length)
                    return copied;
            }
        }

        return copied;
    }

    private static bool IsSelected(RetainedMessage row, string filter, Span<char> buffer)
    {
        var topic = row.TopicUtf8;
        return topic.Length <= buffer.Length
            ? TopicMatcher.Matches(buffer[..Encoding.UTF8.GetChars(topic, buffer)], filter)
            : TopicMatcher.Matches(row.Topic, filter);
    }
}
