using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Settings.Roots;

/// <summary>How many files are kept: a number, or an object of older versions with the number in it.</summary>
internal sealed class RotationKind : ValueKind
{
    private static readonly ValueKind s_count = Kinds.Range(1, 128);

    public override string Name => s_count.Name;

    public override ValueKind Shape => s_count;

    public override ConfigValue? Check(ConfigValue value, Inspection at) => s_count.Check(Canonical(value), at);

    public override ConfigValue Canonical(ConfigValue value) => value is ConfigObject older ? older["count"] ?? 10L : value;

    /// <summary>So that a variable may name it.</summary>
    public override ValueKind? Part(string name) => name == "count" ? s_count : null;
}
