using System.Globalization;

namespace Emqx.Broker.Schema.Values;

/// <summary>EMQX's percents as text: <c>80%</c>, or the fraction <c>0.8</c>.</summary>
internal static class Percent
{
    /// <summary>Reads a fraction from 0 to 1.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out double fraction)
    {
        var percent = text.EndsWith("%");
        var ok = double.TryParse(percent ? text[..^1] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out fraction);
        if (percent)
            fraction /= 100;
        return ok && fraction is >= 0 and <= 1;
    }
}
