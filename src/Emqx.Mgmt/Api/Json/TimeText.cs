using System.Globalization;

namespace Emqx.Mgmt.Api.Json;

/// <summary>Times as EMQX writes them: RFC 3339 in the node's time zone, with the offset written out.</summary>
internal static class TimeText
{
    private const string ToSecond = "yyyy-MM-ddTHH:mm:sszzz", ToMillisecond = "yyyy-MM-ddTHH:mm:ss.fffzzz";

    /// <summary>From Unix seconds, to the second.</summary>
    public static string Seconds(long unixSeconds, TimeProvider time) => Format(DateTimeOffset.FromUnixTimeSeconds(unixSeconds), ToSecond, time);

    /// <summary>From Unix milliseconds, to the millisecond.</summary>
    public static string Milliseconds(long unixMilliseconds, TimeProvider time) =>
        Format(DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds), ToMillisecond, time);

    private static string Format(DateTimeOffset moment, string format, TimeProvider time) =>
        TimeZoneInfo.ConvertTime(moment, time.LocalTimeZone).ToString(format, CultureInfo.InvariantCulture);
}
