using Emqx.Broker.Cluster;
using Emqx.Broker.Collections;
using Emqx.Broker.Protocol;
using Emqx.Broker.Sessions;

namespace Emqx.Broker.Clients;

/// <summary>The clients of this node, as the table of sessions tells of them.</summary>
internal sealed class LocalClientDirectory : IClientDirectory, ISessionObserver
{
    private readonly ClientTable _table;
    private readonly ClientQuery _query;
    private readonly string _node;

    public LocalClientDirectory(ClientTable table, NodeIdentity node)
    {
        _table = table;
        _node = node.Name;
        _query = new ClientQuery(table, _node);
    }

    public ValueTask<RowPage<ClientRow>> ListAsync(ClientFilter filter, int page, int limit, CancellationToken cancellation) =>
        new(IsElsewhere(filter)
            ? RowPage<ClientRow>.Unreachable(filter.Node!, "nodedown")
            : _query.Run(filter, after: null, (page - 1L) * limit, limit, isCounting: !filter.IsFuzzy));

    public ValueTask<RowPage<ClientRow>> WalkAsync(ClientFilter filter, string? after, int limit, CancellationToken cancellation) =>
        new(IsElsewhere(filter)
            ? RowPage<ClientRow>.Unreachable(filter.Node!, "nodedown")
            : _query.Run(filter, after, skip: 0, limit, isCounting: false));

    public ValueTask<ClientRow?> FindAsync(string clientId, CancellationToken cancellation) =>
        new(_table.Find(clientId) is { } row ? new ClientRow(_node, row) : null);

    public ValueTask<ClientCounts> CountAsync(CancellationToken cancellation) => new(_table.Counts);

    public void Added(Session session) => _table.Add(session);

    public void Reconnected(Session session, ClientInfo before) => _table.Reconnect(session, before);

    public void Disconnected(Session session) => _table.Disconnect(session);

    public void Removed(Session session, bool wasConnected) => _table.Remove(session);

    private bool IsElsewhere(ClientFilter filter) => filter.Node is not null && filter.Node != _node;
}
