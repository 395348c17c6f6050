using System.Globalization;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Access;

/// <summary>
/// A list of entries, each of a type of a catalogue and at most one of each type. One that is not in the catalogue is refused: nobody may
/// believe that clients are checked when they are not.
/// </summary>
internal abstract class EntryListKind : SettingsKind
{
    public const string Enable = "enable";

    public override ConfigValue? Check(ConfigValue value, string path, List<SettingsProblem> problems)
    {
        var given = ItemsOf(value);
        var before = problems.Count;
        var items = new List<ConfigValue>(given.Count);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < given.Count; i++)
        {
            if (CheckItem(given[i], path + "." + (i + 1).ToString(CultureInfo.InvariantCulture), ids, problems) is { } item)
                items.Add(item);
        }

        return problems.Count > before ? null : new ConfigArray(items);
    }

    /// <summary>Any name: what does not belong there is found when the whole is checked.</summary>
    public override SettingsKind Part(string name) => Kinds.Open;

    public override ConfigValue Shown(ConfigValue value) =>
        value is ConfigArray array ? new ConfigArray([.. array.Items.Select(item => TypeOf(item)?.Kind.Shown(item) ?? item)]) : value;

    /// <summary>Secrets that read ****** are those of the present entry of the same type.</summary>
    public override ConfigValue Unmasked(ConfigValue value, ConfigValue? present)
    {
        var old = ItemsOf(present);
        return new ConfigArray([.. ItemsOf(value).Select(item => TypeOf(item) is { } type
            ? type.Kind.Unmasked(item, old.FirstOrDefault(one => TypeOf(one)?.Id == type.Id))
            : item)]);
    }

    /// <summary>The entries of a value. EMQX takes one for a list of one.</summary>
    public static IReadOnlyList<ConfigValue> ItemsOf(ConfigValue? value) => value switch
    {
        ConfigArray array => array.Items,
        ConfigObject { Count: 0 } or ConfigNull or null => [],
        _ => [value],
    };

    /// <summary>Id and kind of the type that an entry names; null where the catalogue has none.</summary>
    protected abstract (string Id, StructKind Kind)? TypeOf(ConfigValue item);

    /// <summary>Why an entry names no type.</summary>
    protected abstract SettingsProblem ProblemOf(ConfigObject item, string path);

    protected static string? TextOf(ConfigValue item, string name) => ((item as ConfigObject)?[name] as ConfigText)?.Text;

    private ConfigValue? CheckItem(ConfigValue item, string path, HashSet<string> ids, List<SettingsProblem> problems)
    {
        if (item is not ConfigObject fields)
            return Fail(problems, SettingsProblem.Wrong(path, item, "not_a_struct"));
        if (TypeOf(item) is not { } type)
            return Fail(problems, ProblemOf(fields, path));
        return ids.Add(type.Id) ? type.Kind.Check(item, path, problems) : Fail(problems, SettingsProblem.Because(path, "already_exists", ("id", type.Id)));
    }
}
