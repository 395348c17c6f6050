using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Schema;

/// <summary>One of several structs that a value's own fields tell apart, where one word does not.</summary>
/// <param name="members">The structs, each with EMQX's name of it.</param>
/// <param name="choose">The struct that an object is of; null where it is of none.</param>
/// <param name="problemOf">What is said of an object, at a path, that is of none.</param>
/// <param name="faultOf">What is wrong with the fields of a checked object taken together, at a path; null where nothing is.</param>
internal sealed class VariantKind(
    IReadOnlyList<StructKind> members,
    Func<ConfigObject, StructKind?> choose,
    Func<ConfigObject, string, Violation> problemOf,
    Func<ConfigObject, string, Violation?> faultOf) : ValueKind
{
    public override string Name => string.Join(" | ", members.Select(static member => member.Id));

    public IReadOnlyList<StructKind> Members => members;

    public override ConfigValue? Check(ConfigValue value, Inspection at)
    {
        if (value is not ConfigObject given)
            return at.Wrong(value, "bad_value_for_struct");
        if (choose(given) is not { } member)
            return at.Fail(problemOf(given, at.Path));
        var aside = at.Aside();
        if (member.Check(value, aside) is not ConfigObject kept)
        {
            foreach (var violation in aside.Violations)
                at.Fail(violation.Of(member));
            return null;
        }

        return faultOf(kept, at.Path) is { } fault ? at.Fail(fault) : kept;
    }

    public override ValueKind? Part(string name) => members.Select(member => member.Part(name)).FirstOrDefault(static part => part is not null);

    public override ConfigValue Canonical(ConfigValue value) => MemberOf(value)?.Canonical(value) ?? value;

    public override ConfigValue Shown(ConfigValue value) => MemberOf(value)?.Shown(value) ?? value;

    /// <summary>Secrets are those of the present value where that is of the same member.</summary>
    public override ConfigValue Unmasked(ConfigValue value, ConfigValue? present) => MemberOf(value) is { } member
        ? member.Unmasked(value, present is not null && MemberOf(present) == member ? present : null)
        : value;

    private StructKind? MemberOf(ConfigValue value) => value is ConfigObject given ? choose(given) : null;
}
