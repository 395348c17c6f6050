namespace Emqx.Broker.Routing;

/// <summary>Matches one topic with one filter (MQTT 5, 4.7) without allocating.</summary>
internal static class TopicMatcher
{
    /// <summary>
    /// Whether <paramref name="filter"/> (without <c>$share/…</c>) selects <paramref name="topic"/>. A leading wildcard does not
    /// select topics that begin with $. The topic may be a filter itself; its wildcards are then ordinary levels.
    /// </summary>
    public static bool Matches(ReadOnlySpan<char> topic, ReadOnlySpan<char> filter)
    {
        if (StartsHidden(topic) && !filter.IsEmpty && filter[0] is '+' or '#')
            return false;

        int topicAt = 0, filterAt = 0;
        while (TopicLevels.TryNext(filter, ref filterAt, out var wanted))
        {
            if (wanted is "#" && filterAt > filter.Length)
                return true;
            if (!TopicLevels.TryNext(topic, ref topicAt, out var level))
                return false;
            if (wanted is not "+" && !wanted.SequenceEqual(level))
                return false;
        }

        return topicAt > topic.Length;
    }

    /// <summary>Whether the topic begins with $, so that filters with a leading wildcard pass it over.</summary>
    public static bool StartsHidden(ReadOnlySpan<char> topic) => !topic.IsEmpty && topic[0] == '$';
}
