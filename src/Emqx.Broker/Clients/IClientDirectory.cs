using Emqx.Broker.Collections;

namespace Emqx.Broker.Clients;

/// <summary>
/// The clients of a node, or of a whole cluster: those connected, and the sessions that wait for theirs. Lists are in
/// descending order of client id, bytewise.
/// </summary>
internal interface IClientDirectory
{
    /// <summary>The page <paramref name="page"/> (from 1) of <paramref name="limit"/> rows of what the filter selects.</summary>
    ValueTask<RowPage<ClientRow>> ListAsync(ClientFilter filter, int page, int limit, CancellationToken cancellation);

    /// <summary>
    /// The next rows of a walk through what the filter selects: those after the client id <paramref name="after"/>, from the
    /// start where it is null. Who is there during the whole walk is met once, whatever comes and goes meanwhile.
    /// </summary>
    ValueTask<RowPage<ClientRow>> WalkAsync(ClientFilter filter, string? after, int limit, CancellationToken cancellation);

    /// <summary>The client of this id, or null.</summary>
    ValueTask<ClientRow?> FindAsync(string clientId, CancellationToken cancellation);

    ValueTask<ClientCounts> CountAsync(CancellationToken cancellation);
}

/// <summary>How many clients there are.</summary>
/// <param name="Sessions">All of them; EMQX calls them connections.</param>
/// <param name="Live">Those with a connection.</param>
internal readonly record struct ClientCounts(int Sessions, int Live);
