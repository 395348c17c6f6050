using System.Buffers;
using System.Globalization;

namespace Emqx.Broker.Schema.Values;

/// <summary>EMQX's sizes as text: <c>100</c>, <c>10B</c>, <c>4KB</c>, <c>1MB</c>, <c>2gb</c>; powers of 1024.</summary>
internal static class ByteSize
{
    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789");

    public static bool TryParse(ReadOnlySpan<char> text, out long bytes)
    {
        var trimmed = text.TrimStart();
        var digits = trimmed.IndexOfAnyExcept(s_digits);
        var number = digits < 0 ? trimmed : trimmed[..digits];
        bytes = 0;
        if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return false;
        var shift = digits < 0 ? 0 : ShiftOf(trimmed[digits..]);
        if (shift < 0 || count > long.MaxValue >> shift)
            return false;
        bytes = count << shift;
        return true;
    }

    private static int ShiftOf(ReadOnlySpan<char> unit) => unit switch
    {
        "b" or "B" => 0,
        "kb" or "KB" => 10,
        "mb" or "MB" => 20,
        "gb" or "GB" => 30,
        _ => -1,
    };
}
