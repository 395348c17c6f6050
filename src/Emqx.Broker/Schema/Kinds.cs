using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Schema;

/// <summary>The words in which the tables of the roots are written.</summary>
internal static class Kinds
{
    /// <summary>The longest time of EMQX's timers, in milliseconds (2^32 - 1).</summary>
    private const long LongestTimer = uint.MaxValue;

    public static readonly SettingsKind Flag = new BooleanKind();
    public static readonly SettingsKind Text = new TextKind();
    public static readonly SettingsKind Integer = new IntegerKind("integer()", long.MinValue, long.MaxValue, "Unable to parse integer value");
    public static readonly SettingsKind Positive = new IntegerKind("pos_integer()", 1, long.MaxValue);
    public static readonly SettingsKind NotNegative = new IntegerKind("non_neg_integer()", 0, long.MaxValue);
    public static readonly SettingsKind Qos = new IntegerKind("qos()", 0, 2, "Unable to parse string");
    public static readonly SettingsKind Duration = new DurationKind();
    public static readonly SettingsKind TimeoutDuration = new DurationKind(LongestTimer);
    public static readonly SettingsKind Bytes = new ByteSizeKind();
    public static readonly SettingsKind Percent = new PercentKind();
    public static readonly SettingsKind Rate = new RateKind();
    public static readonly SettingsKind Bind = new BindKind();
    public static readonly SettingsKind Open = new OpenKind();

    public static SettingsKind Range(long minimum, long maximum) => new IntegerKind($"{minimum}..{maximum}", minimum, maximum);

    public static SettingsKind AtLeast(long minimum) => new IntegerKind($"{minimum}..inf", minimum, long.MaxValue);

    public static SettingsKind Enum(params string[] symbols) => new EnumKind(symbols);

    public static SettingsKind OrInfinity(SettingsKind kind) => new ChoiceKind(kind, new SymbolKind("infinity"));

    public static SettingsKind OrDisabled(SettingsKind kind) => new ChoiceKind(kind, new SymbolKind("disabled"));

    public static SettingsKind ArrayOf(SettingsKind kind) => new ArrayKind(kind);

    public static StructKind Struct(params SettingsField[] fields) => new(fields);

    /// <summary>A field with its default.</summary>
    public static SettingsField Field(string name, SettingsKind kind, ConfigValue @default) => new(name, kind, @default);

    /// <summary>A field that stays away where it is not given.</summary>
    public static SettingsField Optional(string name, SettingsKind kind) => new(name, kind, null);

    public static SettingsField Required(string name, SettingsKind kind) => new(name, kind, null) { Required = true };

    /// <summary>A field of an older or internal use: taken, never shown.</summary>
    public static SettingsField Hidden(string name, SettingsKind kind) => new(name, kind, null) { Hidden = true };

    /// <summary>A part with fields of its own, there with its defaults where it is not given.</summary>
    public static SettingsField Part(string name, SettingsKind kind) => new(name, kind, ConfigObject.Empty);
}
