using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Hocon;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;

namespace Emqx.Mgmt.Api.Configs;

/// <summary>What a HOCON text asks for.</summary>
internal static class HoconChange
{
    /// <summary>So many roots that are wrong are told; an answer is not to grow with what is wrong.</summary>
    private const int MostErrors = 100;

    /// <summary>The changes, or errors in the form of PUT /configs; no errors: null.</summary>
    public static SettingsProposal<ConfigValue?> Propose(string text, PutConfigsQuery query, PresentSettings present)
    {
        try
        {
            return Propose(HoconParser.Parse(text), query, present);
        }
        catch (HoconException e)
        {
            return new(new ConfigObject(new() { ["line"] = (long)e.Line, ["reason"] = e.Reason, ["type"] = e.Type }));
        }
    }

    /// <summary>The errors where a root cannot be put in force.</summary>
    public static ConfigValue? Refused(Violation violation) => new ConfigObject(new() { [violation.Path.Split('.')[0]] = Violation.ToValue([violation]) });

    private static SettingsProposal<ConfigValue?> Propose(ConfigObject given, PutConfigsQuery query, PresentSettings present)
    {
        var changes = new List<SettingsChange>();
        var errors = new OrderedDictionary<string, ConfigValue>();
        foreach (var (name, value) in given)
        {
            if (errors.Count >= MostErrors)
                break;
            var problems = new List<Violation>();
            var root = present.Catalogue.Find(name);
            if (root is null)
            {
                errors[name] = $"{{root_key_not_found,<<\"{name}\">>}}";
            }
            else if (root.IsReadOnly)
            {
                if (!query.IgnoreReadonly)
                    return new($"Cannot update read-only key '{ReadOnlyKey(name, value)}'.");
            }
            else if (present.Change(root, name, Named(root.Kind, value, query.Mode, present[name]), Completion.Defaults, problems) is { } change)
            {
                changes.Add(change);
            }
            else
            {
                errors[name] = Violation.ToValue(problems);
            }
        }

        return errors.Count > 0 ? new(new ConfigObject(errors)) : new(changes, null);
    }

    /// <summary>Named things of roots whose fields are not checked here stay when the text is merged.</summary>
    private static ConfigValue Named(ValueKind kind, ConfigValue value, ConfigsMode mode, ConfigObject present) =>
        kind is OpenKind && mode == ConfigsMode.Merge && value is ConfigObject fields ? present.MergedWith(fields) : value;

    private static string ReadOnlyKey(string root, ConfigValue value) =>
        root == "cluster" && value is ConfigObject { Count: > 0 } fields ? $"{root}.{fields.Names.First()}" : root;
}
