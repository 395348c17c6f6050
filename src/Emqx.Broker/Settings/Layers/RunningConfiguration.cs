using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Settings.Layers;

/// <summary>
/// The configuration in force, as text: every root with its defaults filled in. The typed records that the server's parts
/// read follow it. Who changes it has checked and stored the new values.
/// </summary>
internal sealed class RunningConfiguration(SettingsCatalogue catalogue, IReadOnlyDictionary<string, ConfigValue> roots, Func<string, bool> winsAtStart)
{
    private readonly Lock _gate = new();
    private readonly List<(string[] Roots, Action Follow)> _followers = [];
    private readonly HashSet<string> _changed = [];
    private Dictionary<string, ConfigValue> _roots = new(roots);

    public SettingsCatalogue Catalogue => catalogue;

    /// <summary>The fields of a root; an empty object where none are known.</summary>
    public ConfigObject this[string root] => Value(root) as ConfigObject ?? ConfigObject.Empty;

    /// <summary>The value of a root, which is a list for some; null where none is known.</summary>
    public ConfigValue? Value(string root) => Volatile.Read(ref _roots).GetValueOrDefault(root);

    /// <summary>The names of the roots that have values.</summary>
    public IEnumerable<string> Roots => Volatile.Read(ref _roots).Keys;

    /// <summary>The root as an API may show it: secrets masked, internal fields left out.</summary>
    public ConfigValue Shown(string root)
    {
        var value = Value(root) ?? ConfigObject.Empty;
        return catalogue.KindOf(root)?.Shown(value) ?? value;
    }

    /// <summary>Whether a file or a variable sets something of the root, so that it wins again at the next start.</summary>
    public bool WinsAtStart(string root) => winsAtStart(root);

    /// <summary>Whether the root was changed since the start.</summary>
    public bool HasChanged(string root)
    {
        lock (_gate)
            return _changed.Contains(root);
    }

    /// <summary>Has the action called after each change of one of these roots, once a change.</summary>
    public void Follow(string[] roots, Action follow)
    {
        lock (_gate)
            _followers.Add((roots, follow));
    }

    /// <summary>Puts these roots in force, all at once.</summary>
    public void Replace(IReadOnlyDictionary<string, ConfigValue> changed)
    {
        lock (_gate)
        {
            var next = new Dictionary<string, ConfigValue>(_roots);
            foreach (var (root, values) in changed)
                next[root] = values;
            _changed.UnionWith(changed.Keys);
            Volatile.Write(ref _roots, next);
            foreach (var (roots, follow) in _followers)
            {
                if (Array.Exists(roots, changed.ContainsKey))
                    follow();
            }
        }
    }
}
