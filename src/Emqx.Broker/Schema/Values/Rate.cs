using System.Buffers;
using System.Globalization;

namespace Emqx.Broker.Schema.Values;

/// <summary>EMQX's rates as text: <c>1000/s</c>, <c>10MB/10s</c>, <c>500</c> (a second), <c>infinity</c>. Zero is none.</summary>
internal static class Rate
{
    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789");

    /// <summary>Reads an amount a second; -1 for infinity.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out double perSecond)
    {
        perSecond = -1;
        text = text.Trim();
        if (text is "infinity")
            return true;
        var slash = text.IndexOf('/');
        if (!TryParseAmount(slash < 0 ? text : text[..slash], out var amount) || amount == 0)
            return false;
        var seconds = 1.0;
        if (slash >= 0 && !TryParsePeriod(text[(slash + 1)..], out seconds))
            return false;
        perSecond = amount / seconds;
        return true;
    }

    private static bool TryParseAmount(ReadOnlySpan<char> text, out long amount)
    {
        var digits = text.IndexOfAnyExcept(s_digits);
        amount = 0;
        if (digits < 0)
            return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out amount);
        var unit = text[digits..];
        return !unit.Equals("b", StringComparison.OrdinalIgnoreCase) && ByteSize.TryParse(string.Concat(text[..digits], unit.ToString().ToUpperInvariant()), out amount);
    }

    private static bool TryParsePeriod(ReadOnlySpan<char> text, out double seconds)
    {
        seconds = 1;
        var period = text.IsEmpty || char.IsAsciiDigit(text[0]) ? text : string.Concat("1", text);
        if (!Duration.TryParse(period, out var milliseconds) || milliseconds <= 0)
            return false;
        seconds = milliseconds / 1000.0;
        return true;
    }
}
