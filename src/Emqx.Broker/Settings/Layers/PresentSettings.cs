using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Settings.Layers;

/// <summary>The values that a change begins with; no other change comes between.</summary>
internal sealed class PresentSettings(RunningConfiguration running, IReadOnlyDictionary<string, string> stored)
{
    public SettingsCatalogue Catalogue => running.Catalogue;

    /// <summary>The fields in force of a root; an empty object where none are known.</summary>
    public ConfigObject this[string root] => running[root];

    /// <summary>The value in force of a root, which is a list for some; null where none is known.</summary>
    public ConfigValue? Value(string root) => running.Value(root);

    /// <summary>What of a root has been asked for so far; an empty object where nothing was.</summary>
    public ConfigObject Stored(string root) =>
        StoredLayer.Read(stored.Where(one => StoredLayer.IsOf(root, one.Key)), [])[root] as ConfigObject ?? ConfigObject.Empty;
}
