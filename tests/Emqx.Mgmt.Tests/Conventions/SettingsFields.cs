using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings;

namespace Emqx.Mgmt.Tests.Conventions;

/// <summary>A field of the configuration's tables, with values that it may have.</summary>
/// <param name="Path">From the root on; names that users choose are a star.</param>
/// <param name="Before">The root with defaults.</param>
/// <param name="After">The root with other values of the field.</param>
internal sealed record SettingsFieldCase(Root Root, string Path, ConfigObject Before, IReadOnlyList<ConfigObject> After)
{
    /// <summary>The path below the root.</summary>
    public string Below => Path.Length > Root.Name.Length ? Path[(Root.Name.Length + 1)..] : "";
}

/// <summary>Walks the tables of the configuration.</summary>
internal static class SettingsFields
{
    /// <summary>Every field of a root; a root without a table is one field.</summary>
    public static IEnumerable<SettingsFieldCase> Of(Root root) => root.Kind is StructKind table
        ? Of(root, table, root.Name, table.Defaults, static whole => whole)
        : [new SettingsFieldCase(root, root.Name, ConfigObject.Empty, [])];

    private static IEnumerable<SettingsFieldCase> Of(Root root, StructKind table, string path, ConfigObject values, Func<ConfigObject, ConfigObject> inRoot)
    {
        foreach (var field in table.Fields)
        {
            var at = $"{path}.{field.Name}";
            ConfigObject With(ConfigValue value) => inRoot(values.With(field.Name, value));
            var inner = field.Kind switch
            {
                StructKind part => Of(root, part, at, values[field.Name] as ConfigObject ?? part.Defaults, With),
                ArrayKind { Item: StructKind item } => Of(root, item, at, item.Defaults, one => With(new ConfigArray([one]))),
                ChoiceKind or ArrayKind or OpenKind => null,
                var map when map.Part("x") is StructKind item => Of(root, item, at + ".*", item.Defaults, one => With(new ConfigObject(new() { ["x"] = one }))),
                _ => null,
            };
            foreach (var one in inner ?? [new SettingsFieldCase(root, at, inRoot(values), [.. ValuesOf(field.Kind).Select(With)])])
                yield return one;
        }
    }

    /// <summary>Some values that a kind takes.</summary>
    private static IEnumerable<ConfigValue> ValuesOf(ValueKind kind) => kind switch
    {
        BooleanKind => [true, false],
        IntegerKind integer => [Math.Clamp(7, integer.Minimum, integer.Maximum), Math.Clamp(8, integer.Minimum, integer.Maximum), Math.Clamp(0, integer.Minimum, integer.Maximum)],
        NumberKind number => [number.Minimum, number.Minimum + 1],
        EnumKind words => words.Symbols.Select(word => (ConfigValue)word),
        SymbolKind word => [word.Name],
        DurationKind => ["7s", "8s"],
        ByteSizeKind => ["7KB", "8KB"],
        PercentKind => ["7%", "8%"],
        RateKind => ["7/s", "8/s"],
        BindKind => ["127.0.0.1:7"],
        ArrayKind list => [ConfigArray.Empty, .. ValuesOf(list.Item).Select(item => new ConfigArray([item]))],
        MapKind map => ValuesOf(map.Item).Select(item => new ConfigObject(new() { ["x"] = item })),
        ChoiceKind choice => choice.Members.SelectMany(ValuesOf),
        _ => ["changed"],
    };
}
