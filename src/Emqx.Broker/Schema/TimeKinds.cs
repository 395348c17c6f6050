using System.Globalization;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Schema;

/// <summary>A time: RFC 3339, or whole seconds since 1970. Kept as milliseconds since 1970.</summary>
internal class EpochSecondKind : ValueKind
{
    public override string Name => "emqx_utils_calendar:epoch_second()";

    /// <summary>How many milliseconds make one of the unit.</summary>
    protected virtual long Milliseconds => 1000;

    public override ConfigValue? Check(ConfigValue value, Inspection at) =>
        TryRead(value, at.IsRequest, out var milliseconds) ? milliseconds : at.Wrong(value, "bad_rfc3339_timestamp");

    private bool TryRead(ConfigValue value, bool isRequest, out long milliseconds)
    {
        if (IntegerKind.TryRead(value, isRequest, out var number))
        {
            milliseconds = number * Milliseconds;
            return number >= 0 && number <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() / Milliseconds;
        }

        milliseconds = 0;
        if (value is not ConfigText { Text: var text } || !TryParse(text, out var time))
            return false;
        milliseconds = time.ToUnixTimeMilliseconds();
        return true;
    }

    /// <summary>RFC 3339: date, T (or a space), time, optional fraction, Z or offset.</summary>
    private static bool TryParse(string text, out DateTimeOffset time)
    {
        time = default;
        return text.Length >= 20 && char.IsAsciiDigit(text[0]) && text[10] is 'T' or 't' or ' '
            && (text[^1] is 'Z' or 'z' || (text[^3] == ':' && text[^6] is '+' or '-'))
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
    }
}

/// <summary>A time: RFC 3339, or milliseconds since 1970.</summary>
internal sealed class EpochMillisecondKind : EpochSecondKind
{
    public override string Name => "emqx_utils_calendar:epoch_millisecond()";

    protected override long Milliseconds => 1;
}

/// <summary>A time as <see cref="EpochSecondKind"/>, or <c>infinity</c>.</summary>
internal sealed class ExpiryKind() : ChoiceKind(new EpochSecondKind(), new SymbolKind("infinity"));
