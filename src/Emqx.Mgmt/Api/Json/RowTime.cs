namespace Emqx.Mgmt.Api.Json;

/// <summary>
/// Writes many moments quickly: those of the same quarter of an hour share date, hour and offset from UTC, which no time
/// zone changes within one. Not thread-safe; one for each answer.
/// </summary>
internal sealed class RowTime(TimeZoneInfo zone)
{
    /// <summary>Of <c>"2024-01-01T12:34:56.789+08:00"</c> with its quotes.</summary>
    public const int MaxLength = 31;

    /// <summary>For answers without moments.</summary>
    public static readonly RowTime Unused = new(TimeZoneInfo.Utc);

    private const long Quarter = 15 * 60_000;
    private const long LastMoment = 253_402_300_799_999 - 86_400_000; // 9999-12-30, so that no offset leaves the calendar

    private readonly byte[] _text = "\"0000-00-00T00:00:00.000+00:00\""u8.ToArray();
    private long _quarter = long.MinValue;
    private int _minute;

    /// <summary>Writes Unix milliseconds, quoted, and gives the length.</summary>
    public int Write(long unixMilliseconds, Span<byte> into)
    {
        unixMilliseconds = Math.Clamp(unixMilliseconds, 0, LastMoment);
        var quarter = unixMilliseconds / Quarter;
        if (quarter != _quarter)
            Enter(quarter);
        var within = (int)(unixMilliseconds - quarter * Quarter);
        var text = _text.AsSpan();
        Two(text[15..], _minute + within / 60_000);
        Two(text[18..], within / 1000 % 60);
        text[21] = (byte)('0' + within / 100 % 10);
        Two(text[22..], within % 100);
        text.CopyTo(into);
        return _text.Length;
    }

    private void Enter(long quarter)
    {
        _quarter = quarter;
        var utc = DateTimeOffset.FromUnixTimeMilliseconds(quarter * Quarter);
        var offset = zone.GetUtcOffset(utc);
        var local = utc.ToOffset(TimeSpan.FromMinutes((int)offset.TotalMinutes));
        _minute = local.Minute;
        var text = _text.AsSpan();
        Two(text[1..], local.Year / 100);
        Two(text[3..], local.Year % 100);
        Two(text[6..], local.Month);
        Two(text[9..], local.Day);
        Two(text[12..], local.Hour);
        text[24] = (byte)(offset < TimeSpan.Zero ? '-' : '+');
        Two(text[25..], Math.Abs(offset.Hours));
        Two(text[28..], Math.Abs(offset.Minutes));
    }

    private static void Two(Span<byte> into, int value)
    {
        into[1] = (byte)('0' + value % 10);
        into[0] = (byte)('0' + value / 10);
    }
}
