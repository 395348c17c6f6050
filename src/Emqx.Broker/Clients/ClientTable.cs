using System.Net;
using Emqx.Broker.Protocol;
using SortedRows = Emqx.Broker.Collections.SortedChunks<Emqx.Broker.Clients.IClientView, string, Emqx.Broker.Clients.ClientOrder>;

namespace Emqx.Broker.Clients;

/// <summary>
/// All clients in order of client id, and indexes by user name, address and whether they are connected. A client costs a
/// dozen bytes for each. Changes take a lock; lists are read chunk by chunk while they go on.
/// </summary>
internal sealed class ClientTable
{
    private readonly Lock _gate = new();
    private readonly SortedRows _all = new();
    private readonly SortedRows _connected = new();
    private readonly SortedRows _disconnected = new();
    private readonly ClientBuckets<string> _byUsername = new();
    private readonly ClientBuckets<IPAddress> _byAddress = new();

    public ClientCounts Counts => new(_all.Count, _connected.Count);

    /// <summary>A client came, connected. One of the same id that is on its way out makes room.</summary>
    public void Add(IClientView row)
    {
        lock (_gate)
        {
            _all.Add(row, out var before);
            if (before is not null && !ReferenceEquals(before, row))
                Unindex(before);
            _connected.Add(row, out _);
            Index(row, row.Client);
        }
    }

    /// <summary>A client's connection was replaced: it may have another user name and address, and is connected.</summary>
    public void Reconnect(IClientView row, ClientInfo before)
    {
        lock (_gate)
        {
            if (!Has(row))
                return;
            Unindex(row, before);
            Index(row, row.Client);
            _all.Add(row, out _); // what was kept of its names is of no use any more
            _disconnected.Remove(row);
            _connected.Add(row, out _);
        }
    }

    public void Disconnect(IClientView row)
    {
        lock (_gate)
        {
            if (!Has(row))
                return;
            _connected.Remove(row);
            _disconnected.Add(row, out _);
        }
    }

    public void Remove(IClientView row)
    {
        lock (_gate)
        {
            if (_all.Remove(row))
                Unindex(row);
        }
    }

    public IClientView? Find(string clientId) => _all.TryFind(clientId, out var row) ? row : null;

    /// <summary>The shortest lists that together hold all that the filter selects, and whether they hold nothing else.</summary>
    public ClientRows[] Candidates(ClientFilter filter, out bool isExact)
    {
        var rest = filter with { Node = null };
        ClientRows[] best = [new(_all)];
        lock (_gate)
        {
            if (filter.Usernames is { } names)
                (best, rest) = (FindAll(names), rest with { Usernames = null, LikeUsername = null });
            if (filter.Address is { } address && _byAddress.Find(address) is var rows && rows.Count <= CountOf(best))
                (best, rest) = ([rows], filter with { Node = null, Address = null });
        }

        if (filter.State is { } state && ByState(state) is var listed && listed.Count <= CountOf(best))
            (best, rest) = ([listed], filter with { Node = null, State = null });
        isExact = best.Length == 1 && rest == ClientFilter.All;
        return best;
    }

    private ClientRows ByState(ConnectionState state) => state switch
    {
        ConnectionState.Connected => new(_connected),
        ConnectionState.Disconnected => new(_disconnected),
        _ => default,
    };

    private ClientRows[] FindAll(string[] usernames)
    {
        var found = new ClientRows[usernames.Length];
        for (var i = 0; i < found.Length; i++)
            found[i] = Array.IndexOf(usernames, usernames[i]) < i ? default : _byUsername.Find(usernames[i]);
        return found;
    }

    private static int CountOf(ClientRows[] lists)
    {
        var count = 0;
        foreach (var list in lists)
            count += list.Count;
        return count;
    }

    private bool Has(IClientView row) => _all.TryFind(row.ClientId, out var found) && ReferenceEquals(found, row);

    private void Index(IClientView row, ClientInfo client)
    {
        if (client.Username is { } username)
            _byUsername.Add(username, row);
        _byAddress.Add(client.PeerAddress, row);
    }

    private void Unindex(IClientView row)
    {
        _connected.Remove(row);
        _disconnected.Remove(row);
        Unindex(row, row.Client);
    }

    private void Unindex(IClientView row, ClientInfo client)
    {
        if (client.Username is { } username)
            _byUsername.Remove(username, row);
        _byAddress.Remove(client.PeerAddress, row);
    }
}
