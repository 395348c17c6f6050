using System.Globalization;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Schema.Values;

namespace Emqx.Broker.Schema;

/// <summary>True or false, also as text.</summary>
internal sealed class BooleanKind : SettingsKind
{
    public override string Name => "boolean()";

    public override ConfigValue? Check(ConfigValue value, string path, List<SettingsProblem> problems) => value switch
    {
        ConfigBoolean => value,
        ConfigText { Text: "true" } => true,
        ConfigText { Text: "false" } => false,
        _ => Fail(problems, SettingsProblem.Wrong(path, value, "Unable to parse boolean value")),
    };
}

/// <summary>A whole number within bounds, also as text.</summary>
/// <param name="reason">EMQX's text for what is none; null says what was expected.</param>
internal sealed class IntegerKind(string name, long minimum, long maximum, string? reason = null) : SettingsKind
{
    public override string Name => name;

    public long Minimum => minimum;

    public long Maximum => maximum;

    public override ConfigValue? Check(ConfigValue value, string path, List<SettingsProblem> problems)
    {
        var number = value switch
        {
            ConfigNumber given => given,
            ConfigText text => new ConfigNumber(text.Text.Trim()),
            _ => null,
        };
        if (number is not null && number.TryGetInteger(out var integer) && integer >= minimum && integer <= maximum)
            return integer;
        if (reason is not null)
            return Fail(problems, SettingsProblem.Wrong(path, value, reason));
        return Fail(problems, value is ConfigText word && !IsTerm(word.Text)
            ? SettingsProblem.Wrong(path, value, "Unable to parse Erlang term")
            : SettingsProblem.Expected(path, value, name));
    }

    /// <summary>EMQX reads the text as an Erlang term first: a number or a lower-case word is one, "77s" is not.</summary>
    private static bool IsTerm(string text)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            return true;
        return text.Length > 0 && char.IsAsciiLetterLower(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '@');
    }
}

/// <summary>A number within bounds, also as text.</summary>
internal sealed class NumberKind(double minimum, double maximum, ConfigValue reason) : SettingsKind
{
    public override string Name => "number()";

    public double Minimum => minimum;

    public double Maximum => maximum;

    public override ConfigValue? Check(ConfigValue value, string path, List<SettingsProblem> problems)
    {
        var number = value as ConfigNumber ?? (value is ConfigText text ? new ConfigNumber(text.Text) : null);
        if (number is null || !number.TryGetNumber(out var given) || !double.IsFinite(given))
            return Fail(problems, SettingsProblem.Expected(path, value, Name));
        return given >= minimum && given <= maximum ? number : Fail(problems, SettingsProblem.Wrong(path, value, reason));
    }
}

/// <summary>Any text; a number counts as its digits.</summary>
internal sealed class TextKind(string name = "binary()", Func<string, string?>? problemOf = null) : SettingsKind
{
    public override string Name => name;

    public override ConfigValue? Check(ConfigValue value, string path, List<SettingsProblem> problems)
    {
        var text = value as ConfigText ?? (value is ConfigNumber number && number.TryGetInteger(out _) ? new ConfigText(number.Text) : null);
        if (text is null)
            return Fail(problems, SettingsProblem.Expected(path, value, name));
        return problemOf?.Invoke(text.Text) is { } reason ? Fail(problems, SettingsProblem.Wrong(path, value, reason)) : text;
    }
}

/// <summary>One of some words.</summary>
internal sealed class EnumKind(params string[] symbols) : SettingsKind
{
    public override string Name => string.Join(" | ", symbols);

    public IReadOnlyList<string> Symbols => symbols;

    public override ConfigValue? Check(ConfigValue value, string path, List<SettingsProblem> problems)
    {
        var word = value switch
        {
            ConfigText given => given.Text,
            ConfigBoolean boolean => boolean.Value ? "true" : "false",
            _ => null,
        };
        if (word is null || Array.IndexOf(symbols, word) < 0)
            return Fail(problems, SettingsProblem.Wrong(path, value, value is ConfigText text && !IsWord(text.Text) ? "unable_to_convert_to_enum_symbol" : "not_a_enum_symbol"));
        return word is "true" or "false" ? word == "true" : word;
    }

    /// <summary>EMQX has met plain words before and knows them as symbols, only not as these; any other text is none to it.</summary>
    private static bool IsWord(string text) => text.All(c => char.IsAsciiLetterLower(c) || c == '_');
}

/// <summary>One word, as a member of a choice: infinity, disabled.</summary>
internal sealed class SymbolKind(string symbol) : SettingsKind
{
    public override string Name => symbol;

    public override ConfigValue? Check(ConfigValue value, string path, List<SettingsProblem> problems) =>
        value is ConfigText text && text.Text == symbol
            ? text
            : Fail(problems, SettingsProblem.Wrong(path, value, $"Expected: {symbol}, got:{(value is ConfigText given ? given.Text : value.ToString())}"));
}

/// <summary>A duration as text, or a bare number.</summary>
/// <param name="maximum">Milliseconds; more is refused as EMQX refuses it for its timers.</param>
internal sealed class DurationKind(long maximum = long.MaxValue) : SettingsKind
{
    public override string Name => maximum == long.MaxValue ? "emqx_schema:duration()" : "emqx_schema:timeout_duration()";

    public override ConfigValue? Check(ConfigValue value, string path, List<SettingsProblem> problems)
    {
        if (!TryRead(value, out var milliseconds))
            return Fail(problems, SettingsProblem.Wrong(path, value, "Not a valid duration"));
        return milliseconds <= maximum ? value : Fail(problems, SettingsProblem.Wrong(path, value, $"timeout value too large (max: {maximum} ms)"));
    }

    /// <summary>Milliseconds; a bare number is milliseconds already.</summary>
    public static bool TryRead(ConfigValue value, out long milliseconds)
    {
        milliseconds = 0;
        return value switch
        {
            ConfigNumber number => number.TryGetInteger(out milliseconds) && milliseconds >= 0,
            ConfigText text => Duration.TryParse(text.Text, out milliseconds)
                || long.TryParse(text.Text, NumberStyles.None, CultureInfo.InvariantCulture, out milliseconds),
            _ => false,
        };
    }
}

/// <summary>A size as text, or a number of bytes.</summary>
internal sealed class ByteSizeKind(Func<long, ConfigValue?>? problemOf = null) : SettingsKind
{
    public override string Name => "emqx_schema:bytesize()";

    public override ConfigValue? Check(ConfigValue value, string path, List<SettingsProblem> problems)
    {
        if (!TryRead(value, out var bytes))
            return Fail(problems, SettingsProblem.Wrong(path, value, "Not a valid bytesize"));
        return problemOf?.Invoke(bytes) is { } reason ? Fail(problems, SettingsProblem.Wrong(path, value, reason)) : value;
    }

    public static bool TryRead(ConfigValue value, out long bytes)
    {
        bytes = 0;
        return value switch
        {
            ConfigNumber number => number.TryGetInteger(out bytes) && bytes >= 0,
            ConfigText text => ByteSize.TryParse(text.Text, out bytes),
            _ => false,
        };
    }
}

/// <summary>A percent as text, or a fraction.</summary>
internal sealed class PercentKind : SettingsKind
{
    public override string Name => "emqx_schema:percent()";

    public override ConfigValue? Check(ConfigValue value, string path, List<SettingsProblem> problems)
    {
        var text = value is ConfigNumber number ? number.Text : (value as ConfigText)?.Text;
        return text is not null && Percent.TryParse(text, out _) ? value : Fail(problems, SettingsProblem.Wrong(path, value, text ?? value));
    }
}

/// <summary>A rate as text.</summary>
internal sealed class RateKind : SettingsKind
{
    public override string Name => "emqx_limiter_schema:rate()";

    public override ConfigValue? Check(ConfigValue value, string path, List<SettingsProblem> problems)
    {
        var text = value is ConfigNumber number ? number.Text : (value as ConfigText)?.Text;
        return text is not null && Rate.TryParse(text, out _) ? value : Fail(problems, SettingsProblem.Wrong(path, value, text ?? value));
    }
}

/// <summary>A port, or an address and a port.</summary>
internal sealed class BindKind : SettingsKind
{
    public override string Name => "emqx_schema:ip_port()";

    public override ConfigValue? Check(ConfigValue value, string path, List<SettingsProblem> problems)
    {
        var text = value is ConfigNumber number ? number.Text : (value as ConfigText)?.Text;
        if (text is null)
            return Fail(problems, SettingsProblem.Expected(path, value, Name));
        return BindAddress.TryParse(text, out _, out var reason) ? value : Fail(problems, SettingsProblem.Wrong(path, value, reason));
    }
}

/// <summary>Anything: of roots that no part of the server reads yet.</summary>
internal class OpenKind : SettingsKind
{
    public override string Name => "map()";

    public override ConfigValue? Check(ConfigValue value, string path, List<SettingsProblem> problems) => value;

    public override SettingsKind? Part(string name) => this;
}
