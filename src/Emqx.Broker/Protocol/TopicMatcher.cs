namespace Emqx.Broker.Protocol;

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

        var at = 0;
        for (var i = 0; i < filter.Length; i++)
        {
            var isLevel = i == 0 || filter[i - 1] == '/';
            if (isLevel && filter[i] == '#' && i == filter.Length - 1)
                return true;
            if (isLevel && filter[i] == '+' && (i == filter.Length - 1 || filter[i + 1] == '/'))
            {
                while (at < topic.Length && topic[at] != '/')
                    at++;
                continue;
            }

            if (at == topic.Length)
                return filter[i..] is "/#";
            if (topic[at++] != filter[i])
                return false;
        }

        return at == topic.Length;
    }

    /// <summary>Whether the topic begins with $, so that filters with a leading wildcard pass it over.</summary>
    public static bool StartsHidden(ReadOnlySpan<char> topic) => !topic.IsEmpty && topic[0] == '$';
}
