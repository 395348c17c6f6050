using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Emqx.Broker.Settings.Roots;

namespace Emqx.Broker.Listeners;

/// <summary>The configured listeners: those of the running configuration, and the changes of the root <c>listeners</c> that concern one of them.</summary>
internal sealed class ListenerTable(RunningConfiguration running, ConfigurationSources sources)
{
    private const string Root = "listeners";

    /// <summary>All listeners of types that run here, with their checked fields.</summary>
    public IEnumerable<(ListenerId Id, ConfigObject Fields)> All()
    {
        foreach (var (type, names) in running[Root])
        {
            if (new ListenerId(type, "").Transport is null || names is not ConfigObject listeners)
                continue;
            foreach (var (name, fields) in listeners)
            {
                if (fields is ConfigObject listener)
                    yield return (new ListenerId(type, name), listener);
            }
        }
    }

    /// <summary>The checked fields of a listener, or null.</summary>
    public ConfigObject? Find(ListenerId id) => Find(running[Root], id);

    /// <summary>The checked fields of a listener at the moment of a change, or null.</summary>
    public static ConfigObject? Find(PresentSettings present, ListenerId id) => Find(present[Root], id);

    /// <summary>Whether the configuration has a zone of that name.</summary>
    public bool HasZone(string name) => name == "default" || running["zones"][name] is not null;

    /// <summary>The change that gives a listener these fields.</summary>
    public static SettingsChange Put(PresentSettings present, ListenerId id, ConfigObject asked, ConfigObject fields) =>
        new(Root, With(present.Stored(Root), id, asked), With(present[Root], id, fields));

    /// <summary>The change that takes a listener away. One of a lower layer is marked, or it would be back at the next start.</summary>
    public SettingsChange Remove(PresentSettings present, ListenerId id)
    {
        var isBelow = id.Name == "default" || sources.Base.Find([Root, id.Type, id.Name]) is not null;
        var stored = present.Stored(Root);
        return new(Root, isBelow ? With(stored, id, ListenerMapKind.Deleted) : Without(stored, id), Without(present[Root], id));
    }

    private static ConfigObject? Find(ConfigObject root, ListenerId id) => id.Transport is null ? null : root.Find([id.Type, id.Name]) as ConfigObject;

    private static ConfigObject With(ConfigObject root, ListenerId id, ConfigValue value) =>
        root.With(id.Type, OfType(root, id).With(id.Name, value));

    private static ConfigObject Without(ConfigObject root, ListenerId id) => root.With(id.Type, OfType(root, id).Without(id.Name));

    private static ConfigObject OfType(ConfigObject root, ListenerId id) => root[id.Type] as ConfigObject ?? ConfigObject.Empty;
}
