using Emqx.Broker.Access;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Hocon;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings;
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

    /// <summary>The same of roots that were read already.</summary>
    public static SettingsProposal<ConfigValue?> Propose(ConfigObject given, PutConfigsQuery query, PresentSettings present)
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
            else if (present.Change(root, name, Over(root, root.Kind.Canonical(value), query.Mode, present), Completion.Defaults, problems) is { } change)
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

    /// <summary>The value with what stays of the present one.</summary>
    private static ConfigValue Over(Root root, ConfigValue value, ConfigsMode mode, PresentSettings present) => mode == ConfigsMode.Merge && HoldsEntries(root.Kind)
        ? Merged(root.Kind, value, present.Value(root.Name))
        : Named(root.Kind, value, mode, present[root.Name]);

    /// <summary>Access control is merged as a whole: the text changes what it names, and takes nothing away.</summary>
    private static ConfigValue Merged(ValueKind kind, ConfigValue value, ConfigValue? present)
    {
        if (kind is EntryListKind list)
            return list.Merged(value, present);
        if (kind is not StructKind table || value is not ConfigObject given || present is not ConfigObject old)
            return value;
        foreach (var field in table.Fields)
        {
            if (field.Kind is EntryListKind entries && given[field.Name] is { } items)
                given = given.With(field.Name, entries.Merged(items, old[field.Name]));
        }

        return old.MergedWith(given);
    }

    private static bool HoldsEntries(ValueKind kind) => kind is EntryListKind || (kind is StructKind table && table.Fields.Any(static field => field.Kind is EntryListKind));

    /// <summary>Things that users name, as listeners are, stay as they are where the text is merged and does not name them; so do the fields of one that it names in part.</summary>
    private static ConfigValue Named(ValueKind kind, ConfigValue value, ConfigsMode mode, ConfigValue? present)
    {
        if (mode != ConfigsMode.Merge || value is not ConfigObject given || present is not ConfigObject old)
            return value;
        if (kind is OpenKind || HoldsNamed(kind))
            return old.MergedWith(given);
        foreach (var field in (kind as StructKind)?.Fields ?? [])
        {
            if (HoldsNamed(field.Kind) && old[field.Name] is { } inner)
                given = given.With(field.Name, Named(field.Kind, given[field.Name] ?? ConfigObject.Empty, mode, inner));
        }

        return given;
    }

    private static bool HoldsNamed(ValueKind kind) => kind is not StructKind && kind.Part("x") is StructKind or UnionKind;

    private static string ReadOnlyKey(string root, ConfigValue value) =>
        root == "cluster" && value is ConfigObject { Count: > 0 } fields ? $"{root}.{fields.Names.First()}" : root;
}
