using System.Globalization;
using System.Security.Cryptography;

namespace Emqx.Broker.Protocol;

/// <summary>128 bits that order by time: microseconds since 1970, this process's mark, a counter. 32 hex digits as text.</summary>
internal readonly record struct MessageId(ulong High, ulong Low)
{
    private static readonly ulong s_mark = (ulong)RandomNumberGenerator.GetInt32(int.MaxValue) << 32;
    private static long s_last;

    public bool IsEmpty => High == 0 && Low == 0;

    public static MessageId Next(long unixMilliseconds)
    {
        var sequence = (ulong)Interlocked.Increment(ref s_last);
        return new MessageId((ulong)unixMilliseconds * 1000 + sequence % 1000, s_mark | (sequence & 0xFFFF_FFFF));
    }

    /// <summary>Reads the text; false where it is not 32 hex digits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out MessageId id)
    {
        id = default;
        if (text.Length != 32 || !TryRead(text[..16], out var high) || !TryRead(text[16..], out var low))
            return false;
        id = new MessageId(high, low);
        return true;
    }

    private static bool TryRead(ReadOnlySpan<char> digits, out ulong number) =>
        ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);

    public override string ToString() => string.Create(32, this, static (span, id) =>
    {
        id.High.TryFormat(span, out _, "X16");
        id.Low.TryFormat(span[16..], out _, "X16");
    });
}
