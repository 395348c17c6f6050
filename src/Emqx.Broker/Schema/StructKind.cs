using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Schema;

/// <summary>A field of a struct.</summary>
/// <param name="Default">What a missing field gets; null: it stays away.</param>
internal sealed record SettingsField(string Name, SettingsKind Kind, ConfigValue? Default)
{
    /// <summary>A missing one is a problem.</summary>
    public bool Required { get; init; }

    /// <summary>Shown as ******; ****** given keeps the present value.</summary>
    public bool Secret { get; init; }

    /// <summary>Taken, but never shown.</summary>
    public bool Hidden { get; init; }

    /// <summary>An older name that is taken too.</summary>
    public string? Alias { get; init; }

    /// <summary>What it is for.</summary>
    public string? Text { get; init; }

    /// <summary>The field with a text that says what it is for.</summary>
    public SettingsField Says(string text) => this with { Text = text };
}

/// <summary>An object of known fields.</summary>
/// <param name="problemOf">What is wrong with the fields taken together, or null.</param>
internal sealed class StructKind(IReadOnlyList<SettingsField> fields, Func<ConfigObject, string?>? problemOf = null) : SettingsKind
{
    private const string Mask = "******";

    public IReadOnlyList<SettingsField> Fields { get; } = fields;

    public override string Name => "struct()";

    /// <summary>What an empty object becomes.</summary>
    public ConfigObject Defaults => field ??= (ConfigObject)(Check(ConfigObject.Empty, "", []) ?? ConfigObject.Empty);

    public override ConfigValue? Check(ConfigValue value, string path, List<SettingsProblem> problems)
    {
        if (value is not ConfigObject given)
            return Fail(problems, SettingsProblem.Wrong(path, value, "bad_value_for_struct"));
        var unknown = given.Names.Where(name => FindField(name) is null).ToArray();
        if (unknown.Length > 0)
            return Fail(problems, SettingsProblem.Unknown(path, unknown, Fields.Select(f => f.Name).Where(name => given[name] is null)));
        var before = problems.Count;
        var taken = new OrderedDictionary<string, ConfigValue>();
        foreach (var field in Fields)
        {
            if (CheckField(field, given, path, problems) is { } kept)
                taken[field.Name] = kept;
        }

        if (problems.Count > before)
            return null;
        var result = new ConfigObject(taken);
        return problemOf?.Invoke(result) is { } reason ? Fail(problems, SettingsProblem.Wrong(path, value, reason)) : result;
    }

    private static ConfigValue? CheckField(SettingsField field, ConfigObject given, string path, List<SettingsProblem> problems)
    {
        var at = path.Length == 0 ? field.Name : $"{path}.{field.Name}";
        var value = given[field.Name] ?? (field.Alias is null ? null : given[field.Alias]);
        if (value is not null and not ConfigNull)
            return field.Secret ? CheckSecret(field, value, at, problems) : field.Kind.Check(value, at, problems);
        if (field.Required)
            problems.Add(SettingsProblem.Required(at));
        return field.Default is ConfigObject part ? field.Kind.Check(part, at, problems) : field.Default;
    }

    /// <summary>A wrong secret is not told to anybody.</summary>
    private static ConfigValue? CheckSecret(SettingsField field, ConfigValue value, string path, List<SettingsProblem> problems) =>
        field.Kind.Check(value, path, []) ?? Fail(problems, SettingsProblem.Expected(path, Mask, field.Kind.Name));

    public override SettingsKind? Part(string name) => FindField(name)?.Kind;

    public SettingsField? FindField(string name)
    {
        foreach (var field in Fields)
        {
            if (field.Name == name || field.Alias == name)
                return field;
        }

        return null;
    }

    public override ConfigValue Shown(ConfigValue value) => Each(value, (field, inner) =>
        field.Hidden ? null : field.Secret ? new ConfigText(Mask) : field.Kind.Shown(inner));

    public override ConfigValue Unmasked(ConfigValue value, ConfigValue? present) => Each(value, (field, inner) =>
    {
        var old = (present as ConfigObject)?[field.Name];
        return field.Secret ? inner is ConfigText { Text: Mask } ? old : inner : field.Kind.Unmasked(inner, old);
    });

    private ConfigValue Each(ConfigValue value, Func<SettingsField, ConfigValue, ConfigValue?> change)
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
