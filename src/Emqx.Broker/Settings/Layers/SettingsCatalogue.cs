using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Settings.Layers;

/// <summary>Every root of a configuration.</summary>
internal sealed class SettingsCatalogue
{
    private readonly OrderedDictionary<string, Root> _roots;

    /// <param name="roots">All of them, in the order in which they are checked.</param>
    /// <param name="zone">Those that zones inherit, in the order in which they are checked together.</param>
    public SettingsCatalogue(IEnumerable<Root> roots, IReadOnlyList<Root> zone)
    {
        _roots = new(roots.Select(root => KeyValuePair.Create(root.Name, root)));
        Zone = zone;
    }

    public IReadOnlyCollection<Root> Roots => _roots.Values;

    public IReadOnlyList<Root> Zone { get; }

    /// <summary>Those that are described as having an address.</summary>
    public IEnumerable<Root> Addressed => Roots.Where(root => root.Address is { IsHidden: false });

    /// <summary>All that is taken and has no effect, in the order of its paths.</summary>
    public IEnumerable<FieldWithoutEffect> WithoutEffect => Roots.Where(root => root.WithoutEffect is not null)
        .Select(root => new FieldWithoutEffect(root.Name, root.WithoutEffect!)).Concat(Settings.WithoutEffect.Fields).OrderBy(told => told.Path, StringComparer.Ordinal);

    /// <summary>The root of that name, or null.</summary>
    public Root? Find(string name) => _roots.GetValueOrDefault(name);

    /// <summary>The kind of a root; null where there is no root of that name.</summary>
    public ValueKind? KindOf(string root) => Find(root)?.Kind;

    /// <summary>The kind of a root that has a table.</summary>
    public StructKind StructOf(string root) =>
        KindOf(root) as StructKind ?? throw new ArgumentException($"No table for the root {root}.", nameof(root));

    /// <summary>Roots in which every field has the name of today.</summary>
    public ConfigObject Canonical(ConfigObject roots)
    {
        var canonical = new ObjectBuilder();
        foreach (var (name, value) in roots.Fields)
            canonical.Add(name, KindOf(name)?.Canonical(value) ?? value);
        return canonical.Build();
    }

    /// <summary>The kind of a path of names, the root first; null where it may have no value.</summary>
    public ValueKind? KindAt(IReadOnlyList<string> path)
    {
        var kind = KindOf(path[0]);
        for (var i = 1; i < path.Count && kind is not null; i++)
            kind = kind.Part(path[i]);
        return kind;
    }
}
