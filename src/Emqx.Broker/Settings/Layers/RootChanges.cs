using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Settings.Layers;

/// <summary>Makes changes of roots from what is asked for and what is there.</summary>
internal static class RootChanges
{
    /// <summary>The change that a value comes to; null where problems were added.</summary>
    /// <param name="path">What paths in problems begin with.</param>
    public static SettingsChange? Change(this PresentSettings settings, Root root, string path, ConfigValue given, Completion completion,
        List<Violation> problems)
    {
        var present = settings[root.Name];
        var requested = root.Kind.Unmasked(root.Kind.Canonical(given), settings.Value(root.Name));
        if (requested is ConfigObject fields)
        {
            requested = completion switch
            {
                Completion.Present => present.MergedWith(fields),
                Completion.Sections => WithSections(fields, present),
                _ => fields,
            };
        }

        return root.Kind.Check(requested, path, problems) is { } made ? new SettingsChange(root.Name, requested, made) : null;
    }

    /// <summary>The same as a whole proposal: the change, or what is wrong with the value.</summary>
    public static SettingsProposal<IReadOnlyList<Violation>> Propose(this PresentSettings settings, Root root, string path, ConfigValue given, Completion completion)
    {
        var problems = new List<Violation>();
        return settings.Change(root, path, given, completion, problems) is { } change ? new([change], []) : new(problems);
    }

    /// <summary>The change that puts one field of a root back to its default; null where it has none.</summary>
    public static SettingsChange? Reset(this PresentSettings settings, string root, ReadOnlySpan<string> path)
    {
        if (path.IsEmpty || settings.Catalogue.StructOf(root).Defaults.Find(path) is not { } value)
            return null;
        for (var i = path.Length - 1; i >= 0; i--)
            value = new ConfigObject(new() { [path[i]] = value });
        var changed = settings[root].MergedWith((ConfigObject)value);
        return new(root, changed, changed);
    }

    private static ConfigObject WithSections(ConfigObject given, ConfigObject present)
    {
        foreach (var (name, section) in present)
        {
            if (section is ConfigObject && given[name] is null or ConfigNull)
                given = given.With(name, section);
        }

        return given;
    }
}
