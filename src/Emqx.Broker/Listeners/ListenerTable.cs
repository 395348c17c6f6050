using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Emqx.Broker.Settings.Roots;
using Emqx.Broker.Storage;

namespace Emqx.Broker.Listeners;

/// <summary>The configured listeners: those of the running configuration, and what is stored of those that the API has touched.</summary>
internal sealed class ListenerTable(RunningConfiguration running, ConfigurationSources sources, ISettingsStore store)
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
                if (fields is ConfigObject listener)
                    yield return (new ListenerId(type, name), listener);
        }
    }

    /// <summary>The checked fields of a listener, or null.</summary>
    public ConfigObject? Find(ListenerId id) => id.Transport is null ? null : running[Root].Find([id.Type, id.Name]) as ConfigObject;

    /// <summary>Whether the configuration has a zone of that name.</summary>
    public bool HasZone(string name) => name == "default" || running["zones"][name] is not null;

    /// <summary>Stores what was asked for and puts the checked fields in force.</summary>
    public async ValueTask PutAsync(ListenerId id, ConfigObject asked, ConfigObject fields, CancellationToken cancellation)
    {
        await SaveAsync(id, asked.ToString(), cancellation).ConfigureAwait(false);
        var listeners = OfType(id.Type).With(id.Name, fields);
        running.Replace(new Dictionary<string, ConfigValue> { [Root] = running[Root].With(id.Type, listeners) });
    }

    /// <summary>Forgets a listener. One of a lower layer is marked, or it would be back at the next start.</summary>
    public async ValueTask RemoveAsync(ListenerId id, CancellationToken cancellation)
    {
        var isBelow = id.Name == "default" || sources.Base.Find([Root, id.Type, id.Name]) is not null;
        await SaveAsync(id, isBelow ? ListenerMapKind.Deleted.ToString() : null, cancellation).ConfigureAwait(false);
        running.Replace(new Dictionary<string, ConfigValue> { [Root] = running[Root].With(id.Type, OfType(id.Type).Without(id.Name)) });
    }

    private ConfigObject OfType(string type) => running[Root][type] as ConfigObject ?? ConfigObject.Empty;

    private ValueTask SaveAsync(ListenerId id, string? text, CancellationToken cancellation) =>
        store.SaveAsync(new Dictionary<string, string?> { [$"{Root}.{id.Type}.{id.Name}"] = text }, cancellation);
}
