using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Settings.Roots;

/// <summary>
/// Listeners of one type by name. There is always one named default, unless it reads <see cref="Deleted"/>.
/// </summary>
internal sealed class ListenerMapKind(StructKind listener) : ValueKind
{
    /// <summary>What stands in place of a listener that was deleted, so that lower layers do not bring it back.</summary>
    public static readonly ConfigText Deleted = new("marked_for_deletion");

    private readonly MapKind _map = new(listener, NameProblem);

    public override string Name => "map()";

    public override ValueKind Shape => _map;

    public override ConfigValue? Check(ConfigValue value, Inspection at)
    {
        if (value is not ConfigObject listeners)
            return _map.Check(value, at);
        var there = new ObjectBuilder();
        foreach (var (name, given) in listeners["default"] is null ? listeners.With("default", ConfigObject.Empty) : listeners)
        {
            if (given is ConfigObject)
                there.Add(name, given);
            else if (!given.Equals(Deleted) && given is not ConfigNull)
                return at.Fail(Violation.Wrong($"{at.Path}.{name}", given, $"Expected: marked_for_deletion, got:{given}"));
        }

        return _map.Check(there.Build(), at);
    }

    public override ValueKind? Part(string name) => _map.Part(name);

    public override ConfigValue Canonical(ConfigValue value) => _map.Canonical(value);

    public override ConfigValue Shown(ConfigValue value) => _map.Shown(value);

    public override ConfigValue Unmasked(ConfigValue value, ConfigValue? present) => _map.Unmasked(value, present);

    private static ConfigText? NameProblem(string name) => Names.IsRestricted(name) ? null : new("invalid_map_key");
}
