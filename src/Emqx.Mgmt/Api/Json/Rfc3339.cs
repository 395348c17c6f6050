using System.Globalization;

namespace Emqx.Mgmt.Api.Json;

/// <summary>Times as EMQX's answers show them: RFC 3339 in local time with a numeric offset.</summary>
internal static class Rfc3339
{
    /// <summary>Whole seconds, from Unix seconds.</summary>
    public static string Seconds(long unixSeconds, TimeProvider time) => Local(DateTimeOffset.FromUnixTimeSeconds(unixSeconds), time)
        .ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    /// <summary>With milliseconds, from Unix milliseconds.</summary>
    public static string Milliseconds(long unixMilliseconds, TimeProvider time) => Local(DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds), time)
        .ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture);

    private static DateTimeOffset Local(DateTimeOffset at, TimeProvider time) => TimeZoneInfo.ConvertTime(at, time.LocalTimeZone);
}
