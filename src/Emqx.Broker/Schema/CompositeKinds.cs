using System.Globalization;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Schema;

/// <summary>One of several kinds; the first that takes the value has it.</summary>
internal class ChoiceKind(params ValueKind[] members) : ValueKind
{
    private readonly ValueKind[] _tried = [.. members.OrderByDescending(static member => member.Name, StringComparer.Ordinal)];

    public override string Name => string.Join(" | ", members.Select(static member => member.Name));

    public IReadOnlyList<ValueKind> Members => members;

    public override ConfigValue? Check(ConfigValue value, Inspection at)
    {
        var mismatches = new OrderedDictionary<string, ConfigValue>();
        foreach (var member in _tried)
        {
            var aside = at.Aside();
            if (member.Check(value, aside) is { } taken)
                return taken;
            mismatches[member.Name] = Violation.ToValue(aside.Violations);
        }

        return at.Fail(Violation.NoMember(at.Path, new(mismatches)));
    }

    public override ValueKind? Part(string name) => members.Select(member => member.Part(name)).FirstOrDefault(static part => part is not null);
}

/// <summary>A list of values of one kind.</summary>
internal sealed class ArrayKind(ValueKind item, Func<ConfigArray, string?>? problemOf = null) : ValueKind
{
    public override string Name => $"[{item.Name}]";

    public ValueKind Item => item;

    public override ConfigValue? Check(ConfigValue value, Inspection at)
    {
        if (value is not ConfigArray array)
            return CheckOther(value, at);
        var items = new ConfigValue[array.Items.Count];
        var isGood = true;
        for (var i = 0; i < items.Length && !at.IsOver; i++)
        {
            at.Enter(i + 1);
            if (CheckItem(array.Items[i], at) is { } taken)
                items[i] = taken;
            else
                isGood = false;
            at.Leave();
        }

        if (!isGood || at.IsOver)
            return null;
        var result = new ConfigArray(items);
        return problemOf?.Invoke(result) is { } reason ? at.Wrong(value, reason) : result;
    }

    public override ValueKind? Part(string name) => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index > 0 ? item : null;

    /// <summary>Items may stand by their numbers, as variables name them.</summary>
    public override ConfigValue Canonical(ConfigValue value) => value switch
    {
        ConfigArray array => new ConfigArray([.. array.Items.Select(item.Canonical)]),
        ConfigObject numbered => MapKind.Each(numbered, (_, field) => item.Canonical(field)),
        _ => value,
    };

    public override ConfigValue Shown(ConfigValue value) => value is ConfigArray array ? new ConfigArray([.. array.Items.Select(item.Shown)]) : value;

    public override ConfigValue Unmasked(ConfigValue value, ConfigValue? present)
    {
        if (value is not ConfigArray array || present is not ConfigArray old)
            return value is ConfigArray alone ? new ConfigArray([.. alone.Items.Select(one => item.Unmasked(one, null))]) : value;
        var shown = new ShownItems(old, item);
        return new ConfigArray([.. array.Items.Select((one, at) => item.Unmasked(one, shown.Find(one, at, array.Items.Count)))]);
    }

    private ConfigValue? CheckItem(ConfigValue value, Inspection at) => at.IsRequest && value is ConfigNull && item is not OpenKind
        ? at.Unexpected(value, item is StructKind ? MapKind.Map : item.Name)
        : item.Check(value, at);

    /// <summary>In a request an empty object passes for an empty list.</summary>
    private static ConfigValue? CheckOther(ConfigValue value, Inspection at)
    {
        if (!at.IsRequest)
            return at.Wrong(value, "not_array");
        if (value is not ConfigObject fields)
            return at.Wrong(value, "bad_value_for_array");
        return fields.Count == 0 ? ConfigArray.Empty : at.Fail(Violation.NoIndices(at.Path, fields.Names));
    }
}

/// <summary>Things of one kind by name.</summary>
/// <param name="nameProblem">What is wrong with a name, or null.</param>
internal sealed class MapKind(ValueKind item, Func<string, ConfigValue?>? nameProblem = null) : ValueKind
{
    public const string Map = "map()";

    public override string Name => Map;

    public ValueKind Item => item;

    /// <summary>What a name is called in forms.</summary>
    public string KeyName { get; init; } = "name";

    public override ConfigValue? Check(ConfigValue value, Inspection at)
    {
        if (value is not ConfigObject map)
            return at.IsRequest ? at.Unexpected(value, Name) : at.Wrong(value, "bad_value_for_struct");
        var fields = new KeyValuePair<string, ConfigValue>[map.Count];
        var count = 0;
        foreach (var (name, given) in map.Fields)
        {
            if (at.IsOver)
                break;
            if (nameProblem?.Invoke(name) is { } reason)
                at.Wrong(name, reason);
            else if (CheckItem(name, given, at) is { } taken)
                fields[count++] = new(name, taken);
        }

        return count == fields.Length && !at.IsOver ? new ConfigObject(fields, count) : null;
    }

    public override ValueKind? Part(string name) => nameProblem?.Invoke(name) is null ? item : null;

    public override ConfigValue Canonical(ConfigValue value) => value is ConfigObject map ? Each(map, (_, field) => item.Canonical(field)) : value;

    public override ConfigValue Shown(ConfigValue value) => value is ConfigObject map ? Each(map, (_, field) => item.Shown(field)) : value;

    public override ConfigValue Unmasked(ConfigValue value, ConfigValue? present) =>
        value is ConfigObject map ? Each(map, (name, field) => item.Unmasked(field, (present as ConfigObject)?[name])) : value;

    private ConfigValue? CheckItem(string name, ConfigValue given, Inspection at)
    {
        at.Enter(name);
        var taken = item.Check(given, at);
        at.Leave();
        return taken;
    }

    public static ConfigObject Each(ConfigObject map, Func<string, ConfigValue, ConfigValue> change)
    {
        var fields = new OrderedDictionary<string, ConfigValue>();
        foreach (var (name, field) in map)
            fields[name] = change(name, field);
        return new(fields);
    }
}
