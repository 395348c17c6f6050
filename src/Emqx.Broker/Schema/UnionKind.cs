using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Schema;

/// <summary>One of several structs; one or two fields of the value say which. A member may be several structs itself (<see cref="VariantKind"/>).</summary>
internal sealed class UnionKind : ValueKind
{
    private const char Between = ':';

    private readonly string[] _by;
    private readonly Dictionary<string, ValueKind> _members = new(StringComparer.Ordinal);
    private readonly Func<ConfigObject, string, Violation> _problemOf;

    /// <param name="by">The field whose word names the member.</param>
    public UnionKind(string by, IEnumerable<(string Name, ValueKind Kind)> members) : this([by], members, null)
    {
    }

    /// <param name="by">The fields whose words name the member, a colon between; the second may be missing where its member has no such word.</param>
    /// <param name="problemOf">What is said of an object, at a path, that names no member; null: what is said of a word that is not one of an enum.</param>
    public UnionKind(IReadOnlyList<string> by, IEnumerable<(string Name, ValueKind Kind)> members, Func<ConfigObject, string, Violation>? problemOf)
    {
        _by = [.. by];
        _problemOf = problemOf ?? Untold;
        foreach (var (name, kind) in members)
            _members.Add(name, kind);
    }

    public override string Name => string.Join(" | ", _members.Keys);

    /// <summary>The fields that tell the members apart.</summary>
    public IReadOnlyList<string> By => _by;

    /// <summary>The structs; a member that is several is all of them.</summary>
    public IReadOnlyCollection<StructKind> Members =>
        [.. _members.Values.SelectMany(static member => member is VariantKind several ? several.Members : member is StructKind one ? [one] : [])];

    /// <summary>The name of the member that a value is of; null where there is none.</summary>
    public string? NameOf(ConfigValue value)
    {
        if (value is not ConfigObject fields || fields[_by[0]] is not ConfigText { Text: var name })
            return null;
        for (var i = 1; i < _by.Length; i++)
        {
            if (fields[_by[i]] is ConfigText more)
                name = name + Between + more.Text;
        }

        return _members.ContainsKey(name) ? name : null;
    }

    /// <summary>The member that a value is of; null where there is none.</summary>
    public ValueKind? MemberOf(ConfigValue value) => NameOf(value) is { } name ? _members[name] : null;

    public override ConfigValue? Check(ConfigValue value, Inspection at)
    {
        if (MemberOf(value) is { } member)
            return member.Check(value, at);
        return value is ConfigObject fields ? at.Fail(_problemOf(fields, at.Path)) : at.Wrong(value, "not_a_struct");
    }

    public override ValueKind? Part(string name) => _members.Values.Select(member => member.Part(name)).FirstOrDefault(static part => part is not null);

    public override ConfigValue Canonical(ConfigValue value) => MemberOf(value)?.Canonical(value) ?? value;

    public override ConfigValue Shown(ConfigValue value) => MemberOf(value)?.Shown(value) ?? value;

    /// <summary>Secrets are those of the present value where that is of the same member.</summary>
    public override ConfigValue Unmasked(ConfigValue value, ConfigValue? present) => NameOf(value) is { } name
        ? _members[name].Unmasked(value, present is not null && NameOf(present) == name ? present : null)
        : value;

    private Violation Untold(ConfigObject fields, string path)
    {
        var by = _by.FirstOrDefault(name => fields[name] is null or ConfigNull) ?? _by[^1];
        var place = path.Length == 0 ? by : $"{path}.{by}";
        return fields[by] is null or ConfigNull ? Violation.Required(place) : Violation.Wrong(place, fields[by]!, "not_a_enum_symbol");
    }
}
