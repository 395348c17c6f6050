namespace Emqx.Broker.Protocol;

/// <summary>Topic names (MQTT 5, 4.7): what messages are published to.</summary>
internal static class TopicName
{
    /// <summary>Whether a message may be published to it: not empty, not too long, neither wildcards nor NUL.</summary>
    public static bool IsValid(ReadOnlySpan<char> topic) => !topic.IsEmpty && topic.IndexOfAny('+', '#', '\0') < 0 && TopicLevels.Fits(topic);

    /// <summary>The topic as the node knows it: with the client's mountpoint before it.</summary>
    public static string Mount(string topic, string? mountpoint) => string.IsNullOrEmpty(mountpoint) ? topic : mountpoint + topic;

    /// <summary>The topic as the client knows it: without its mountpoint. A topic outside of the mountpoint stays as it is.</summary>
    public static string Unmount(string topic, string? mountpoint) =>
        !string.IsNullOrEmpty(mountpoint) && topic.StartsWith(mountpoint, StringComparison.Ordinal) ? topic[mountpoint.Length..] : topic;
}
