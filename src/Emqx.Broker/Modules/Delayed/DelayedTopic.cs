using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Emqx.Broker.Modules.Delayed;

/// <summary>Topics of delayed publishing: <c>$delayed/SECONDS/TOPIC</c>, where many seconds are a Unix time.</summary>
internal static class DelayedTopic
{
    /// <summary>The longest delay in seconds; larger numbers are Unix times.</summary>
    public const long MaxSeconds = 4294967;

    private const string Prefix = "$delayed/";

    /// <summary>Whether a topic asks for a delay, well-formed or not.</summary>
    public static bool IsDelayed(ReadOnlySpan<char> topic) => topic.StartsWith(Prefix);

    /// <summary>The topic that a message is in the end published to: what authorization is about.</summary>
    public static string RealTopic(string topic)
    {
        var slash = IsDelayed(topic) ? topic.IndexOf('/', Prefix.Length) : -1;
        return slash < 0 ? topic : topic[(slash + 1)..];
    }

    /// <summary>
    /// Takes such a topic apart. False where it is ordinary: no number, no topic behind it, or a time too far ahead.
    /// </summary>
    /// <param name="publishedAt">Unix milliseconds.</param>
    /// <param name="expectedAt">When its message is due, Unix milliseconds.</param>
    /// <param name="seconds">The delay; 0 for a time that has passed.</param>
    public static bool TryParse(string topic, long publishedAt, out long expectedAt, out long seconds, [NotNullWhen(true)] out string? realTopic)
    {
        (expectedAt, seconds, realTopic) = (0, 0, null);
        var slash = IsDelayed(topic) ? topic.IndexOf('/', Prefix.Length) : -1;
        if (slash < 0 || slash == topic.Length - 1)
            return false;
        if (!long.TryParse(topic.AsSpan(Prefix.Length, slash - Prefix.Length), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return false;

        var isInterval = number < MaxSeconds;
        seconds = Math.Max(0, isInterval ? number : number - ((publishedAt + 500) / 1000));
        if (seconds > MaxSeconds)
            return false;
        expectedAt = isInterval ? publishedAt + (seconds * 1000) : number * 1000;
        realTopic = topic[(slash + 1)..];
        return true;
    }
}
