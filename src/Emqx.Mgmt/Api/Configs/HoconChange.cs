using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Hocon;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;

namespace Emqx.Mgmt.Api.Configs;

/// <summary>What a HOCON text asks for: changes, or errors in the form of PUT /configs.</summary>
internal sealed class HoconChange
{
    private HoconChange(IReadOnlyList<SettingsChange> changes, ConfigValue? errors) => (Changes, Errors) = (changes, errors);

    public IReadOnlyList<SettingsChange> Changes { get; }

    /// <summary>Null where the text can be applied.</summary>
    public ConfigValue? Errors { get; }

    public static HoconChange Read(string text, PutConfigsQuery query, RunningConfiguration running)
    {
        try
        {
            return Check(HoconParser.Parse(text), query, running);
        }
        catch (HoconException e)
        {
            return new([], new ConfigObject(new() { ["line"] = (long)e.Line, ["reason"] = e.Reason, ["type"] = e.Type }));
        }
    }

    private static HoconChange Check(ConfigObject given, PutConfigsQuery query, RunningConfiguration running)
    {
        var changes = new List<SettingsChange>();
        var errors = new OrderedDictionary<string, ConfigValue>();
        foreach (var (root, value) in given)
        {
            var problems = new List<SettingsProblem>();
            if (SettingsCatalogue.ReadOnly.Contains(root))
            {
                if (!query.IgnoreReadonly)
                    return new([], $"Cannot update read-only key '{ReadOnlyKey(root, value)}'.");
            }
            else if (SettingsCatalogue.KindOf(root) is not { } kind)
            {
                errors[root] = $"{{root_key_not_found,<<\"{root}\">>}}";
            }
            else if (ConfigBody.Complete(root, root, Named(kind, value, query.Mode, running[root]), Completion.Defaults, running, problems) is { } change)
            {
                changes.Add(change);
            }
            else
            {
                errors[root] = SettingsProblem.ToValue(problems);
            }
        }

        return new(changes, errors.Count > 0 ? new ConfigObject(errors) : null);
    }

    /// <summary>Named things of roots whose fields are not checked here stay when the text is merged.</summary>
    private static ConfigValue Named(SettingsKind kind, ConfigValue value, ConfigsMode mode, ConfigObject present) =>
        kind is OpenKind && mode == ConfigsMode.Merge && value is ConfigObject fields ? present.MergedWith(fields) : value;

    private static string ReadOnlyKey(string root, ConfigValue value) =>
        root == "cluster" && value is ConfigObject { Count: > 0 } fields ? $"{root}.{fields.Names.First()}" : root;
}
