using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Access;

/// <summary>
/// A list of entries, each of a type of a catalogue and at most one of each type. One that is not in the catalogue is refused: nobody may
/// believe that clients are checked when they are not.
/// </summary>
internal abstract class EntryListKind(UnionKind entry) : ValueKind
{
    public const string Enable = "enable";

    public override ValueKind Shape => field ??= new ArrayKind(entry);

    public override ConfigValue? Check(ConfigValue value, Inspection at)
    {
        var given = ItemsOf(value);
        var items = new List<ConfigValue>(given.Count);
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < given.Count && !at.IsOver; i++)
        {
            at.Enter(i + 1);
            if (CheckItem(given[i], names, at) is { } item)
                items.Add(item);
            at.Leave();
        }

        return items.Count == given.Count ? new ConfigArray(items) : null;
    }

    /// <summary>Any name: what does not belong there is found when the whole is checked.</summary>
    public override ValueKind Part(string name) => Kinds.Open;

    public override ConfigValue Shown(ConfigValue value) =>
        value is ConfigArray array ? new ConfigArray([.. array.Items.Select(entry.Shown)]) : value;

    /// <summary>Secrets that read ****** are those of the present entry of the same type.</summary>
    public override ConfigValue Unmasked(ConfigValue value, ConfigValue? present)
    {
        var old = ItemsOf(present);
        return new ConfigArray([.. ItemsOf(value).Select(item => entry.Unmasked(item, old.FirstOrDefault(one => entry.NameOf(one) == entry.NameOf(item))))]);
    }

    /// <summary>A list over the present one: entries of the same type are merged in their places, others of the present one stay, and new ones come behind them.</summary>
    public ConfigArray Merged(ConfigValue value, ConfigValue? present)
    {
        List<ConfigValue> given = [.. ItemsOf(value)];
        List<ConfigValue> merged = [.. ItemsOf(present)];
        for (var i = 0; i < merged.Count; i++)
        {
            var at = NameOf(merged[i]) is { } name ? given.FindIndex(item => NameOf(item) == name) : -1;
            if (at < 0 || merged[i] is not ConfigObject old || given[at] is not ConfigObject over)
                continue;
            merged[i] = old.MergedWith(over);
            given.RemoveAt(at);
        }

        return new([.. merged, .. given]);
    }

    public static bool IsEnabled(ConfigObject entry) => entry[Enable] is not ConfigBoolean { Value: false };

    /// <summary>The entries of a value. EMQX takes one for a list of one.</summary>
    public static IReadOnlyList<ConfigValue> ItemsOf(ConfigValue? value) => value switch
    {
        ConfigArray array => array.Items,
        ConfigObject { Count: 0 } or ConfigNull or null => [],
        _ => [value],
    };

    /// <summary>The name of the type that an entry is of; null where the catalogue has none.</summary>
    public string? NameOf(ConfigValue item) => entry.NameOf(item);

    private ConfigValue? CheckItem(ConfigValue item, HashSet<string> names, Inspection at) => entry.NameOf(item) is { } name && !names.Add(name)
        ? at.Fail(Violation.Because(at.Path, "already_exists", ("id", name)))
        : entry.Check(item, at);
}
