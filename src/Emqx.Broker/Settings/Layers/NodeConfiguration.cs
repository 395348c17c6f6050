using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Roots;

namespace Emqx.Broker.Settings.Layers;

/// <summary>The configuration that a node starts with: all layers merged, checked and read.</summary>
internal sealed class NodeConfiguration
{
    private NodeConfiguration(ConfigurationSources sources, RunningConfiguration running, IReadOnlyList<string> warnings)
    {
        Sources = sources;
        Running = running;
        Warnings = warnings;
    }

    public ConfigurationSources Sources { get; }

    public RunningConfiguration Running { get; }

    /// <summary>Worth a line in the log: variables that name no known field, roots that are not known.</summary>
    public IReadOnlyList<string> Warnings { get; }

    public string NodeName => Sources.NodeName;

    public string DataFolder => Sources.DataFolder;

    public LogSettings Log => LogSchema.Root.Read(Running);

    public DashboardSettings Dashboard => DashboardSchema.Root.Read(Running);

    public ApiKeySettings ApiKey => NodeSchemas.ApiKeyRoot.Read(Running);

    public IReadOnlyList<ListenerSettings> Listeners => ListenerReader.ReadAll(Running["listeners"], Sources.Paths);

    /// <summary>Merges, lowest first: defaults, base.hocon, what the API changed, emqx.conf, the environment.</summary>
    /// <param name="stored">What the API changed, JSON text by root or path.</param>
    /// <param name="failures">One line for each thing that is wrong, its path first; the node must not start then.</param>
    /// <returns>Null where there are failures.</returns>
    public static NodeConfiguration? Load(ConfigurationSources sources, IReadOnlyDictionary<string, string> stored, out IReadOnlyList<string> failures)
    {
        var wrong = new List<string>(sources.Failures);
        var warnings = new List<string>();
        failures = wrong;
        if (wrong.Count > 0)
            return null;
        var merged = sources.Base.MergedWith(sources.Catalogue.Canonical(StoredLayer.Read(stored, wrong))).MergedWith(sources.FileLayer);
        merged = sources.Environment.ApplyTo(merged, wrong);
        var roots = Check(sources.Catalogue, merged, wrong, warnings);
        if (sources.Environment.Unknown.Count > 0)
            warnings.Add($"unknown_env_vars: [{string.Join(", ", sources.Environment.Unknown.Select(name => $"\"{name}\""))}]");
        if (wrong.Count > 0)
            return null;
        bool WinsAtStart(string root) => sources.FileLayer[root] is not null || sources.Environment.Sets(root);
        return new(sources, new RunningConfiguration(sources.Catalogue, roots, WinsAtStart), warnings);
    }

    private static Dictionary<string, ConfigValue> Check(SettingsCatalogue catalogue, ConfigObject merged, List<string> wrong, List<string> warnings)
    {
        var roots = new Dictionary<string, ConfigValue>();
        var problems = new List<Violation>();
        foreach (var root in catalogue.Roots)
        {
            if ((merged[root.Name] ?? root.Default) is { } given && root.Kind.Check(given, root.Name, problems) is { } values)
                roots[root.Name] = values;
        }

        foreach (var name in merged.Names)
        {
            if (catalogue.Find(name) is null)
                warnings.Add($"unknown root in the configuration file: {name}");
        }

        foreach (var problem in problems)
            wrong.Add(problem.ToString());
        return roots;
    }
}
