using System.Diagnostics.CodeAnalysis;

namespace Emqx.Broker.Protocol;

/// <summary>
/// A topic filter taken apart. <c>$share/g/a/+</c> has Group "g" and Topic "a/+"; <c>$queue/a</c> has Group "$queue";
/// <c>$exclusive/a</c> has IsExclusive and Topic "a".
/// </summary>
/// <param name="Text">The whole filter as the API lists it: <c>$share/g/t</c>, <c>$queue/t</c>, else the topic alone.</param>
/// <param name="Topic">What topics are matched against.</param>
/// <param name="Group">The share group, or null.</param>
/// <param name="IsExclusive">Subscribed with <c>$exclusive/</c>.</param>
internal sealed record TopicFilter(string Text, string Topic, string? Group, bool IsExclusive)
{
    /// <summary>The group of every <c>$queue/</c> filter.</summary>
    public const string QueueGroup = "$queue";

    private const string SharePrefix = "$share/";
    private const string QueuePrefix = "$queue/";
    private const string ExclusivePrefix = "$exclusive/";

    /// <summary>Whether <see cref="Topic"/> has a wildcard.</summary>
    public bool IsWildcard { get; } = Topic.AsSpan().IndexOfAny('+', '#') >= 0;

    /// <summary>Takes a filter apart as a client's SUBSCRIBE is: false where MQTT 5 section 4.7 or 4.8.2 forbids it.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out TopicFilter? filter)
    {
        filter = TakeApart(text);
        if (filter is not null && IsGroup(filter.Group) && !IsShared(filter.Topic) && TopicLevels.IsFilter(filter.Topic))
            return true;
        filter = null;
        return false;
    }

    /// <summary>Takes a filter apart as the API does, which checks nothing.</summary>
    /// <exception cref="FormatException">There is no topic behind the group, as in <c>$share/g</c>.</exception>
    public static TopicFilter Parse(string text) =>
        TakeApart(text) ?? throw new FormatException($"no topic filter behind the share group: {text}");

    /// <summary>Whether the text names a share group: <c>$share/…</c> or <c>$queue/…</c>.</summary>
    public static bool IsShared(ReadOnlySpan<char> text) => text.StartsWith(SharePrefix) || text.StartsWith(QueuePrefix);

    /// <summary>The filter with a prefix before its topic, as a listener's mountpoint adds it; itself where there is none.</summary>
    public TopicFilter Mount(string? mountpoint)
    {
        if (string.IsNullOrEmpty(mountpoint))
            return this;
        var topic = mountpoint + Topic;
        return new TopicFilter(Join(Group, topic), topic, Group, IsExclusive);
    }

    private static TopicFilter? TakeApart(string text)
    {
        if (!text.StartsWith('$'))
            return new TopicFilter(text, text, null, false);
        if (text.StartsWith(QueuePrefix, StringComparison.Ordinal))
            return new TopicFilter(text, text[QueuePrefix.Length..], QueueGroup, false);
        if (text.StartsWith(ExclusivePrefix, StringComparison.Ordinal))
            return Exclusive(text[ExclusivePrefix.Length..]);
        if (!text.StartsWith(SharePrefix, StringComparison.Ordinal))
            return new TopicFilter(text, text, null, false);

        var slash = text.IndexOf('/', SharePrefix.Length);
        return slash < 0 ? null : new TopicFilter(text, text[(slash + 1)..], text[SharePrefix.Length..slash], false);
    }

    private static TopicFilter Exclusive(string topic) => new(topic, topic, null, true);

    private static bool IsGroup(string? group) => group is null || (group.Length > 0 && group.AsSpan().IndexOfAny('+', '#') < 0);

    private static string Join(string? group, string topic) => group switch
    {
        null => topic,
        QueueGroup => QueuePrefix + topic,
        _ => $"{SharePrefix}{group}/{topic}",
    };
}
