using System.Globalization;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Schema;

/// <summary>One of several kinds; the first that takes the value has it.</summary>
internal sealed class ChoiceKind(params SettingsKind[] members) : SettingsKind
{
    public override string Name => string.Join(" | ", members.Select(member => member.Name));

    public IReadOnlyList<SettingsKind> Members => members;

    public override ConfigValue? Check(ConfigValue value, string path, List<SettingsProblem> problems)
    {
        var mismatches = new OrderedDictionary<string, ConfigValue>();
        foreach (var member in members.OrderByDescending(member => member.Name, StringComparer.Ordinal))
        {
            var found = new List<SettingsProblem>();
            if (member.Check(value, path, found) is { } taken)
                return taken;
            mismatches[member.Name] = SettingsProblem.ToValue(found);
        }

        return Fail(problems, SettingsProblem.NoMember(path, new(mismatches)));
    }

    public override SettingsKind? Part(string name) => members.Select(member => member.Part(name)).FirstOrDefault(part => part is not null);
}

/// <summary>A list of values of one kind.</summary>
internal sealed class ArrayKind(SettingsKind item, Func<ConfigArray, string?>? problemOf = null) : SettingsKind
{
    public override string Name => $"[{item.Name}]";

    public SettingsKind Item => item;

    public override ConfigValue? Check(ConfigValue value, string path, List<SettingsProblem> problems)
    {
        if (value is not ConfigArray array)
            return Fail(problems, SettingsProblem.Wrong(path, value, "not_array"));
        var before = problems.Count;
        var items = new List<ConfigValue>(array.Items.Count);
        for (var i = 0; i < array.Items.Count; i++)
        {
            if (item.Check(array.Items[i], path + "." + (i + 1).ToString(CultureInfo.InvariantCulture), problems) is { } taken)
                items.Add(taken);
        }

        if (problems.Count > before)
            return null;
        var result = new ConfigArray(items);
        return problemOf?.Invoke(result) is { } reason ? Fail(problems, SettingsProblem.Wrong(path, value, reason)) : result;
    }

    public override SettingsKind? Part(string name) => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index > 0 ? item : null;

    public override ConfigValue Shown(ConfigValue value) => value is ConfigArray array ? new ConfigArray([.. array.Items.Select(item.Shown)]) : value;
}

/// <summary>Things of one kind by name.</summary>
/// <param name="nameProblem">What is wrong with a name, or null.</param>
internal sealed class MapKind(SettingsKind item, Func<string, ConfigValue?>? nameProblem = null) : SettingsKind
{
    public override string Name => "map()";

    public SettingsKind Item => item;

    public override ConfigValue? Check(ConfigValue value, string path, List<SettingsProblem> problems)
    {
        if (value is not ConfigObject map)
            return Fail(problems, SettingsProblem.Wrong(path, value, "bad_value_for_struct"));
        var before = problems.Count;
        var fields = new OrderedDictionary<string, ConfigValue>();
        foreach (var (name, given) in map)
        {
            if (nameProblem?.Invoke(name) is { } reason)
                problems.Add(SettingsProblem.Wrong(path, name, reason));
            else if (item.Check(given, $"{path}.{name}", problems) is { } taken)
                fields[name] = taken;
        }

        return problems.Count > before ? null : new ConfigObject(fields);
    }

    public override SettingsKind? Part(string name) => nameProblem?.Invoke(name) is null ? item : null;

    public override ConfigValue Shown(ConfigValue value) => value is ConfigObject map ? Each(map, (_, field) => item.Shown(field)) : value;

    public override ConfigValue Unmasked(ConfigValue value, ConfigValue? present) =>
        value is ConfigObject map ? Each(map, (name, field) => item.Unmasked(field, (present as ConfigObject)?[name])) : value;

    private static ConfigObject Each(ConfigObject map, Func<string, ConfigValue, ConfigValue> change)
    {
        var fields = new OrderedDictionary<string, ConfigValue>();
        foreach (var (name, field) in map)
            fields[name] = change(name, field);
        return new(fields);
    }
}
