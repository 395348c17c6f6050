using System.Globalization;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Schema;

/// <summary>True or false, also as text.</summary>
internal sealed class BooleanKind : ValueKind
{
    public override string Name => "boolean()";

    public override ConfigValue? Check(ConfigValue value, Inspection at) => value switch
    {
        ConfigBoolean => value,
        ConfigText { Text: "true" } => true,
        ConfigText { Text: "false" } => false,
        _ => at.Wrong(value, "Unable to parse boolean value"),
    };
}

/// <summary>A whole number within bounds, also as text.</summary>
/// <param name="reason">EMQX's text for what is none; null says what was expected.</param>
internal sealed class IntegerKind(string name, long minimum, long maximum, string? reason = null) : ValueKind
{
    public override string Name => name;

    public long Minimum => minimum;

    public long Maximum => maximum;

    public override ConfigValue? Check(ConfigValue value, Inspection at)
    {
        if (TryRead(value, at.IsRequest, out var integer) && integer >= minimum && integer <= maximum)
            return value is ConfigNumber ? value : integer;
        if (reason is not null)
            return at.Wrong(value, reason);
        if (at.IsRequest)
            return at.Unexpected(Term(value), name);
        return value is ConfigText word && !IsTerm(word.Text) ? at.Wrong(value, "Unable to parse Erlang term") : at.Unexpected(value, name);
    }

    /// <summary>Reads a whole number that came as a number or as a text.</summary>
    public static bool TryRead(ConfigValue value, bool isRequest, out long integer)
    {
        integer = 0;
        return value switch
        {
            ConfigNumber number => number.TryGetInteger(out integer),
            ConfigText text => TryParse(isRequest ? text.Text : text.Text.AsSpan().Trim(), out integer),
            _ => false,
        };
    }

    /// <summary>EMQX's numbers have no end: one of too many digits is the largest there is.</summary>
    private static bool TryParse(ReadOnlySpan<char> text, out long integer)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out integer))
            return true;
        var digits = text.TrimStart("+-");
        if (digits.IsEmpty || text.Length - digits.Length > 1 || digits.ContainsAnyExceptInRange('0', '9'))
            return false;
        integer = text[0] == '-' ? long.MinValue : long.MaxValue;
        return true;
    }

    /// <summary>EMQX reads the text as an Erlang term first: a number or a lower-case word is one, "77s" is not.</summary>
    private static bool IsTerm(string text)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            return true;
        return text.Length > 0 && char.IsAsciiLetterLower(text[0]) && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '@');
    }

    /// <summary>The Erlang term that a request's text reads as, where it is told: a number, or the empty list.</summary>
    private static ConfigValue Term(ConfigValue value)
    {
        if (value is not ConfigText { Text: var text })
            return value;
        if (text.Length == 0)
            return ConfigArray.Empty;
        return decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? new ConfigNumber(number.ToString(CultureInfo.InvariantCulture)) { IsJson = true }
            : value;
    }
}

/// <summary>A number within bounds, also as text.</summary>
internal sealed class NumberKind(double minimum, double maximum, ConfigValue reason) : ValueKind
{
    public override string Name => "number()";

    public double Minimum => minimum;

    public double Maximum => maximum;

    public override ConfigValue? Check(ConfigValue value, Inspection at)
    {
        var number = value as ConfigNumber ?? (value is ConfigText text ? new ConfigNumber(text.Text) : null);
        if (number is null || !number.TryGetNumber(out var given) || !double.IsFinite(given))
            return at.Unexpected(value, Name);
        return given >= minimum && given <= maximum ? number : at.Wrong(value, reason);
    }
}

/// <summary>Any text; a whole number counts as its digits.</summary>
/// <param name="problemOf">What is wrong with a text, or null.</param>
internal class TextKind(string name = "binary()", Func<string, string?>? problemOf = null) : ValueKind
{
    public override string Name => name;

    /// <summary>The regular expression that a text is of, for descriptions.</summary>
    public string? Pattern { get; init; }

    /// <summary>The longest text, for descriptions; null: no limit.</summary>
    public int? Longest { get; init; }

    public override ConfigValue? Check(ConfigValue value, Inspection at)
    {
        if (TextOf(value, at) is not { } text)
            return at.Unexpected(value, name);
        return problemOf?.Invoke(text.Text) is { } reason ? at.Wrong(text, reason) : text;
    }

    /// <summary>No text: one with a NUL, or with half a surrogate pair.</summary>
    private static ConfigText? TextOf(ConfigValue value, Inspection at) => value switch
    {
        ConfigText text when !ReferenceEquals(text, ConfigText.Broken) && !text.Text.Contains('\0') => text,
        ConfigNumber number when at.TakesNumbersForTexts && !number.Text.AsSpan().ContainsAny('.', 'e', 'E') => new ConfigText(number.Text),
        _ => null,
    };
}

/// <summary>One of some words.</summary>
internal sealed class EnumKind(params string[] symbols) : ValueKind
{
    public override string Name => string.Join(" | ", symbols);

    public IReadOnlyList<string> Symbols => symbols;

    public override ConfigValue? Check(ConfigValue value, Inspection at)
    {
        var word = value switch
        {
            ConfigText given => given.Text,
            ConfigBoolean boolean => boolean.Value ? "true" : "false",
            _ => null,
        };
        if (word is null || Array.IndexOf(symbols, word) < 0)
            return at.Wrong(value, at.IsRequest || value is not ConfigText text || IsWord(text.Text) ? "not_a_enum_symbol" : "unable_to_convert_to_enum_symbol");
        return word is "true" or "false" ? word == "true" : value;
    }

    /// <summary>EMQX has met plain words before and knows them as symbols, only not as these; any other text is none to it.</summary>
    private static bool IsWord(string text) => text.All(static c => char.IsAsciiLetterLower(c) || c == '_');
}

/// <summary>One word, as a member of a choice: infinity, disabled.</summary>
internal sealed class SymbolKind(string symbol) : ValueKind
{
    public override string Name => symbol;

    public override ConfigValue? Check(ConfigValue value, Inspection at) =>
        value is ConfigText text && text.Text == symbol
            ? text
            : at.Wrong(value, $"Expected: {symbol}, got:{(value is ConfigText given ? given.Text : value.ToString())}");
}

/// <summary>Anything: of roots that no part of the server reads yet.</summary>
internal class OpenKind : ValueKind
{
    public override string Name => "map()";

    public override ConfigValue? Check(ConfigValue value, Inspection at) => value;

    public override ValueKind? Part(string name) => this;
}
