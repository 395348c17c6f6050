using Emqx.Broker.Cluster;
using Emqx.Broker.Mqtt.Listening;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Roots;

namespace Emqx.Broker.Listeners;

/// <summary>The configured listeners of this node with the state of their sockets.</summary>
internal sealed class ListenerDirectory(IMqttListeners sockets, ListenerTable table, NodeIdentity identity, ConfigPaths paths) : IListenerDirectory
{
    public ValueTask<IReadOnlyList<ListenerFacts>> ListAsync(CancellationToken cancellation) =>
        new([.. table.All().Select(one => Describe(one.Id, one.Fields)).OrderBy(one => one.Id.ToString(), StringComparer.Ordinal)]);

    public ValueTask<ListenerFacts?> FindAsync(ListenerId id, CancellationToken cancellation) =>
        new(table.Find(id) is { } fields ? Describe(id, fields) : null);

    private ListenerFacts Describe(ListenerId id, ConfigObject fields)
    {
        var settings = ListenerReader.Read(id.Transport!.Value, id.Name, fields, paths);
        var state = sockets.Find(settings.Id);
        var status = new ListenerStatus(state is not null, settings.MaxConnections, state?.CurrentConnections ?? 0);
        var shown = (ConfigObject)ListenerSchemas.KindOf(settings.Type).Shown(fields);
        return new ListenerFacts(id, shown, settings, [new NodeTagged<ListenerStatus>(identity.Name, status)]);
    }
}
