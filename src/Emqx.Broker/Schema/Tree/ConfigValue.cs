using System.Globalization;

namespace Emqx.Broker.Schema.Tree;

/// <summary>A value of the configuration as it was written, whatever wrote it: JSON, HOCON or a variable. Immutable; equal by content.</summary>
internal abstract class ConfigValue : IEquatable<ConfigValue>
{
    public abstract bool Equals(ConfigValue? other);

    public sealed override bool Equals(object? obj) => Equals(obj as ConfigValue);

    public abstract override int GetHashCode();

    /// <summary>The JSON text.</summary>
    public override string ToString() => ConfigJson.ToText(this);

    public static implicit operator ConfigValue(string text) => new ConfigText(text);

    public static implicit operator ConfigValue(bool value) => value ? ConfigBoolean.True : ConfigBoolean.False;

    public static implicit operator ConfigValue(long value) => ConfigNumber.Of(value);

    public static implicit operator ConfigValue(double value) => new ConfigNumber(value);
}

/// <summary>A text, also one that stands for a duration or a size.</summary>
internal sealed class ConfigText(string text) : ConfigValue
{
    /// <summary>What was written as a text and is none: half of a surrogate pair.</summary>
    public static readonly ConfigText Broken = new("?");

    public string Text { get; } = text;

    public override bool Equals(ConfigValue? other) => other is ConfigText text && text.Text == Text;

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);
}

/// <summary>A number, with the digits that were written.</summary>
internal sealed class ConfigNumber : ConfigValue
{
    private static readonly CultureInfo s_invariant = CultureInfo.InvariantCulture;
    private static readonly ConfigNumber[] s_small = [.. Enumerable.Range(0, 16).Select(static value => new ConfigNumber(value))];

    private readonly long _integer;
    private string? _text;

    public ConfigNumber(string text) => _text = text;

    public ConfigNumber(double value) : this(value.ToString("R", s_invariant))
    {
    }

    private ConfigNumber(long value)
    {
        _integer = value;
        IsInteger = true;
    }

    public string Text => _text ??= _integer.ToString(s_invariant);

    /// <summary>The digits are those of a JSON number.</summary>
    public bool IsJson { get; init; }

    private bool IsInteger { get; }

    public static ConfigNumber Of(long value) => value is >= 0 and < 16 ? s_small[value] : new(value);

    public bool TryGetInteger(out long value)
    {
        value = _integer;
        return IsInteger || long.TryParse(Text, NumberStyles.AllowLeadingSign, s_invariant, out value);
    }

    public bool TryGetNumber(out double value)
    {
        value = _integer;
        return IsInteger || double.TryParse(Text, NumberStyles.Float, s_invariant, out value);
    }

    public override bool Equals(ConfigValue? other) => other is ConfigNumber number && (number.Text == Text
        || (TryGetNumber(out var mine) && number.TryGetNumber(out var theirs) && mine.Equals(theirs)));

    public override int GetHashCode() => TryGetNumber(out var value) ? value.GetHashCode() : 0;
}

/// <summary>True or false.</summary>
internal sealed class ConfigBoolean : ConfigValue
{
    public static readonly ConfigBoolean True = new(true);
    public static readonly ConfigBoolean False = new(false);

    private ConfigBoolean(bool value) => Value = value;

    public bool Value { get; }

    public override bool Equals(ConfigValue? other) => other is ConfigBoolean boolean && boolean.Value == Value;

    public override int GetHashCode() => Value ? 1 : 0;
}

/// <summary>Null: as if the field were not there.</summary>
internal sealed class ConfigNull : ConfigValue
{
    public static readonly ConfigNull Instance = new();

    private ConfigNull()
    {
    }

    public override bool Equals(ConfigValue? other) => other is ConfigNull;

    public override int GetHashCode() => 0;
}

/// <summary>A list of values.</summary>
internal sealed class ConfigArray(IReadOnlyList<ConfigValue> items) : ConfigValue
{
    public static readonly ConfigArray Empty = new([]);

    public IReadOnlyList<ConfigValue> Items { get; } = items;

    public override bool Equals(ConfigValue? other)
    {
        if (other is not ConfigArray array || array.Items.Count != Items.Count)
            return false;
        for (var i = 0; i < Items.Count; i++)
        {
            if (!Items[i].Equals(array.Items[i]))
                return false;
        }

        return true;
    }

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var item in Items)
            hash.Add(item);
        return hash.ToHashCode();
    }
}
