using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Schema;

/// <summary>The words in which schemas are written.</summary>
internal static class Kinds
{
    /// <summary>The longest time of EMQX's timers, in milliseconds (2^32 - 1).</summary>
    private const long LongestTimer = uint.MaxValue;

    private const string NoInteger = "Unable to parse integer value";

    public static readonly ValueKind Flag = new BooleanKind();
    public static readonly ValueKind Text = new TextKind();
    public static readonly ValueKind Integer = new IntegerKind("integer()", long.MinValue, long.MaxValue, NoInteger);
    public static readonly ValueKind Int32 = new IntegerKind("integer()", int.MinValue, int.MaxValue, NoInteger);
    public static readonly ValueKind Positive = new IntegerKind("pos_integer()", 1, long.MaxValue);
    public static readonly ValueKind NotNegative = new IntegerKind("non_neg_integer()", 0, long.MaxValue);
    public static readonly ValueKind Qos = new IntegerKind("qos()", 0, 2, "Unable to parse string");
    public static readonly ValueKind Number = new NumberKind(double.MinValue, double.MaxValue, "number()");
    public static readonly ValueKind Duration = new DurationKind();
    public static readonly ValueKind Seconds = new DurationKind { InSeconds = true };
    public static readonly ValueKind TimeoutDuration = new DurationKind(LongestTimer);
    public static readonly ValueKind Bytes = new ByteSizeKind();
    public static readonly ValueKind Percent = new PercentKind();
    public static readonly ValueKind Rate = new RateKind();
    public static readonly ValueKind Bind = new BindKind();
    public static readonly ValueKind Open = new OpenKind();

    public static ValueKind Range(long minimum, long maximum) => new IntegerKind($"{minimum}..{maximum}", minimum, maximum);

    public static ValueKind AtLeast(long minimum) => new IntegerKind($"{minimum}..inf", minimum, long.MaxValue);

    public static ValueKind Enum(params string[] symbols) => new EnumKind(symbols);

    public static ValueKind OrInfinity(ValueKind kind) => new ChoiceKind(kind, new SymbolKind("infinity"));

    public static ValueKind OrDisabled(ValueKind kind) => new ChoiceKind(kind, new SymbolKind("disabled"));

    /// <summary>As <see cref="OrInfinity"/>, in the order in which EMQX prints some.</summary>
    public static ValueKind InfinityOr(ValueKind kind) => new ChoiceKind(new SymbolKind("infinity"), kind);

    /// <summary>As <see cref="OrDisabled"/>, in the order in which EMQX prints some.</summary>
    public static ValueKind DisabledOr(ValueKind kind) => new ChoiceKind(new SymbolKind("disabled"), kind);

    public static ValueKind ArrayOf(ValueKind kind) => new ArrayKind(kind);

    public static StructKind Struct(params StructField[] fields) => new(fields);

    /// <summary>A struct by EMQX's name of it.</summary>
    public static StructKind Struct(string id, params StructField[] fields) => new(fields) { Id = id };

    /// <summary>One of several structs, told apart by the field <paramref name="by"/>, whose words are the names given.</summary>
    public static UnionKind Union(string by, params (string Name, StructKind Kind)[] members) =>
        new(by, members.Select(static member => (member.Name, (ValueKind)member.Kind)));

    /// <summary>A field with its default.</summary>
    public static StructField Field(string name, ValueKind kind, ConfigValue @default) => new(name, kind, @default);

    /// <summary>A field that stays away where it is not given.</summary>
    public static StructField Optional(string name, ValueKind kind) => new(name, kind, null);

    public static StructField Required(string name, ValueKind kind) => new(name, kind, null) { Required = true };

    /// <summary>A field of an older or internal use: taken, never shown.</summary>
    public static StructField Hidden(string name, ValueKind kind) => new(name, kind, null) { Hidden = true };

    /// <summary>A part with fields of its own, there with its defaults where it is not given.</summary>
    public static StructField Part(string name, ValueKind kind) => new(name, kind, ConfigObject.Empty);
}
