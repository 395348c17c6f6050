using System.Buffers;
using System.Globalization;

namespace Emqx.Broker.Schema.Values;

/// <summary>EMQX's durations as text: <c>15s</c>, <c>1h30m</c>, <c>5000ms</c>, <c>0.5d</c>; units f (14 days), w, d, h, m, s, ms in any case.</summary>
internal static class Duration
{
    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789.");

    /// <summary>Reads a duration in milliseconds, rounded.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out long milliseconds)
    {
        var sum = 0.0;
        var rest = text;
        milliseconds = 0;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(s_digits);
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                return false;
            rest = rest[digits..];
            var letters = rest.IndexOfAny(s_digits);
            var unit = letters < 0 ? rest : rest[..letters];
            if (MillisecondsOf(unit) is not { } factor)
                return false;
            sum += number * factor;
            rest = rest[unit.Length..];
        }

        milliseconds = sum < long.MaxValue ? (long)Math.Round(sum, MidpointRounding.AwayFromZero) : long.MaxValue;
        return !text.IsEmpty;
    }

    private static double? MillisecondsOf(ReadOnlySpan<char> unit) => unit switch
    {
        "ms" or "MS" => 1,
        "s" or "S" => 1_000,
        "m" or "M" => 60_000,
        "h" or "H" => 3_600_000,
        "d" or "D" => 86_400_000,
        "w" or "W" => 7 * 86_400_000.0,
        "f" or "F" => 14 * 86_400_000.0,
        _ => null,
    };
}
