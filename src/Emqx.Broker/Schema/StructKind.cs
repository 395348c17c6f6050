using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Schema;

/// <summary>An object of known fields.</summary>
/// <param name="problemOf">What is wrong with the fields taken together, or null.</param>
internal sealed class StructKind(IReadOnlyList<StructField> fields, Func<ConfigObject, string?>? problemOf = null) : ValueKind
{
    private const string Mask = "******";

    private readonly StructField[] _fields = [.. fields];

    public IReadOnlyList<StructField> Fields => _fields;

    /// <summary>Other fields do not matter.</summary>
    public bool IgnoresUnknown { get; init; }

    /// <summary>Puts older ways to say something in today's words.</summary>
    public Func<ConfigObject, ConfigObject>? Convert { get; init; }

    /// <summary>EMQX's name of the struct: <c>emqx.sysmon_os</c>; null where it has none.</summary>
    public string? Id { get; init; }

    public override string Name => "struct()";

    /// <summary>What an empty object becomes.</summary>
    public ConfigObject Defaults => field ??= (ConfigObject)(Check(ConfigObject.Empty, "", []) ?? ConfigObject.Empty);

    /// <summary>The same fields, none of which is due or gets a value where it is missing.</summary>
    public StructKind WithoutDefaults() =>
        new([.. _fields.Select(static field => field with { Default = null, Required = false })]) { IgnoresUnknown = IgnoresUnknown, Convert = Convert };

    public override ConfigValue? Check(ConfigValue value, Inspection at)
    {
        if (value is not ConfigObject given)
            return at.Wrong(value, "bad_value_for_struct");
        given = Converted(given);
        var isKnown = IgnoresUnknown || AreKnown(given, at);
        if (!isKnown && (!at.IsRequest || at.IsOver))
            return null;
        if ((at.IsRequest ? CheckRequest(given, at) : CheckFields(given, at)) is not { } result || !isKnown)
            return null;
        return problemOf?.Invoke(result) is { } reason ? at.Wrong(value, reason) : result;
    }

    public override ValueKind? Part(string name) => FindField(name)?.Kind;

    public StructField? FindField(string name)
    {
        foreach (var field in _fields)
        {
            if (field.IsCalled(name))
                return field;
        }

        return null;
    }

    public override ConfigValue Canonical(ConfigValue value)
    {
        if (value is not ConfigObject given || given.Count == 0)
            return value;
        given = Converted(given);
        var fields = new ObjectBuilder();
        foreach (var (name, inner) in given.Fields)
        {
            if (FindField(name) is not { } field)
                fields.Add(name, inner);
            else if (field.Name == name || ReferenceEquals(Given(field, given), inner))
                fields.Add(field.Name, field.Kind.Canonical(inner));
        }

        return fields.Build();
    }

    public override ConfigValue Shown(ConfigValue value) => Each(value, (field, inner) =>
        field.Hidden ? null : field.Secret ? new ConfigText(Mask) : field.Kind.Shown(inner));

    public override ConfigValue Unmasked(ConfigValue value, ConfigValue? present) => Each(value, (field, inner) =>
    {
        var old = (present as ConfigObject)?[field.Name];
        return field.Secret ? inner is ConfigText { Text: Mask } ? old : inner : field.Kind.Unmasked(inner, old);
    });

    private ConfigObject Converted(ConfigObject given) => Convert is null ? given : Convert(given);

    private bool AreKnown(ConfigObject given, Inspection at)
    {
        List<string>? unknown = null;
        foreach (var (name, _) in given.Fields)
        {
            if (FindField(name) is null)
                (unknown ??= []).Add(name);
        }

        if (unknown is null)
            return true;
        at.Fail(Violation.Unknown(at.Path, unknown, _fields.Select(static field => field.Name).Where(name => given[name] is null)));
        return false;
    }

    private ConfigObject? CheckFields(ConfigObject given, Inspection at)
    {
        var taken = new KeyValuePair<string, ConfigValue>[_fields.Length];
        var count = 0;
        var isGood = true;
        foreach (var field in _fields)
        {
            if (!CheckField(field, given, at, out var kept))
                isGood = false;
            else if (kept is not null)
                taken[count++] = new(field.Name, kept);
        }

        return isGood ? new ConfigObject(taken, count) : null;
    }

    /// <summary>Of a request what came stays, but for the fields that are converted: most need no second object.</summary>
    private ConfigObject? CheckRequest(ConfigObject given, Inspection at)
    {
        var result = given;
        var isGood = true;
        foreach (var field in _fields)
        {
            if (!CheckField(field, given, at, out var kept))
                isGood = false;
            else if (kept is not null && !ReferenceEquals(kept, given[field.Name]))
                result = result.With(field.Name, kept);
            if (at.IsOver)
                return null;
        }

        return isGood ? result : null;
    }

    private static bool CheckField(StructField field, ConfigObject given, Inspection at, out ConfigValue? kept)
    {
        var value = Given(field, given);
        if (value is null or ConfigNull)
        {
            value = null;
            kept = field.Default;
            if (!field.Required && kept is not ConfigObject)
                return true;
        }

        at.Enter(field.Name);
        kept = value is null ? CheckMissing(field, at) : field.Secret ? CheckSecret(field, value, at) : field.Kind.Check(value, at);
        at.Leave();
        return kept is not null;
    }

    private static ConfigValue? Given(StructField field, ConfigObject given)
    {
        var value = given[field.Name];
        for (var i = 0; value is null && i < field.Aliases.Count; i++)
            value = given[field.Aliases[i]];
        return value;
    }

    private static ConfigValue? CheckMissing(StructField field, Inspection at) =>
        field.Required ? at.Fail(Violation.Required(at.Path)) : field.Kind.Check(field.Default!, at);

    /// <summary>A wrong secret is not told to anybody.</summary>
    private static ConfigValue? CheckSecret(StructField field, ConfigValue value, Inspection at) =>
        field.Kind.Check(value, at.Aside()) ?? at.Unexpected(Mask, field.Kind.Name);

    private ConfigValue Each(ConfigValue value, Func<StructField, ConfigValue, ConfigValue?> change)
    {
        if (value is not ConfigObject given)
            return value;
        var changed = new OrderedDictionary<string, ConfigValue>();
        foreach (var (name, inner) in given)
        {
            if (FindField(name) is not { } field)
                changed[name] = inner;
            else if (change(field, inner) is { } kept)
                changed[name] = kept;
        }

        return new ConfigObject(changed);
    }
}
