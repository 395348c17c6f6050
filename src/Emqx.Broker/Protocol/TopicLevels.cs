using System.Text;

namespace Emqx.Broker.Protocol;

/// <summary>The levels of topic names and filters (MQTT 5, 4.7), which slashes divide.</summary>
internal static class TopicLevels
{
    /// <summary>Bytes of UTF-8 that a topic may have.</summary>
    public const int MaxBytes = 65535;

    /// <summary>How many levels a topic has: its slashes and one.</summary>
    public static int Count(ReadOnlySpan<char> topic) => topic.Count('/') + 1;

    /// <summary>Takes the first level off <paramref name="rest"/>; false when nothing is left.</summary>
    /// <param name="rest">Where to start: 0 for the first level, length + 1 after the last one.</param>
    public static bool TryNext(ReadOnlySpan<char> topic, ref int rest, out ReadOnlySpan<char> level)
    {
        if (rest > topic.Length)
        {
            level = default;
            return false;
        }

        level = topic[rest..];
        var slash = level.IndexOf('/');
        if (slash >= 0)
            level = level[..slash];
        rest += level.Length + 1;
        return true;
    }

    /// <summary>Whether a text may be a topic filter: not empty, not too long, wildcards alone in their level, # last.</summary>
    public static bool IsFilter(ReadOnlySpan<char> filter)
    {
        if (filter.IsEmpty || filter.Contains('\0') || !Fits(filter))
            return false;
        var rest = 0;
        while (TryNext(filter, ref rest, out var level))
        {
            var wildcard = level.IndexOfAny('+', '#');
            if (wildcard < 0)
                continue;
            if (level.Length != 1 || (level[0] == '#' && rest <= filter.Length))
                return false;
        }

        return true;
    }

    /// <summary>Whether one of the levels is a wildcard, wherever it stands.</summary>
    public static bool HasWildcard(ReadOnlySpan<char> topic)
    {
        var rest = 0;
        while (TryNext(topic, ref rest, out var level))
        {
            if (level is "+" or "#")
                return true;
        }

        return false;
    }

    /// <summary>What every topic begins with that a filter selects: all before the first wildcard. <c>a/#</c> gives "a", since it selects a.</summary>
    public static string LiteralPrefix(string? filter)
    {
        var wildcard = filter?.AsSpan().IndexOfAny('+', '#') ?? 0;
        if (wildcard < 0)
            return filter!;
        if (wildcard > 0 && filter![wildcard] == '#')
            wildcard--;
        return filter is null ? "" : filter[..wildcard];
    }

    /// <summary>How many characters the levels are long that two texts begin with alike; -1 where not even the first is the same.</summary>
    public static int CommonLength(ReadOnlySpan<char> one, ReadOnlySpan<char> other)
    {
        var same = one.CommonPrefixLength(other);
        var endsOne = same == one.Length || one[same] == '/';
        var endsOther = same == other.Length || other[same] == '/';
        return endsOne && endsOther ? same : one[..same].LastIndexOf('/');
    }

    /// <summary>Goes behind <paramref name="tail"/> where the levels from <paramref name="rest"/> on begin with it. Null stands for no levels, and is always there.</summary>
    public static bool TrySkip(ReadOnlySpan<char> topic, ref int rest, string? tail)
    {
        if (tail is null)
            return true;
        if (rest > topic.Length)
            return false;
        var left = topic[rest..];
        if (!left.StartsWith(tail) || (left.Length > tail.Length && left[tail.Length] != '/'))
            return false;
        rest += tail.Length + 1;
        return true;
    }

    /// <summary>What follows the first level of a text, or null where it has one only.</summary>
    public static string? Behind(string levels, out string first)
    {
        var slash = levels.IndexOf('/');
        first = slash < 0 ? levels : levels[..slash];
        return slash < 0 ? null : levels[(slash + 1)..];
    }

    /// <summary>Levels one behind the other; null for none.</summary>
    public static string Join(string? before, string level, string? behind)
    {
        var joined = before is null ? level : $"{before}/{level}";
        return behind is null ? joined : $"{joined}/{behind}";
    }

    /// <summary>Whether a text has no more bytes of UTF-8 than MQTT can carry.</summary>
    public static bool Fits(ReadOnlySpan<char> topic) => topic.Length <= MaxBytes / 3 || Encoding.UTF8.GetByteCount(topic) <= MaxBytes;
}
