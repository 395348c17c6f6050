namespace Emqx.Broker.Storage;

/// <summary>Keeps the dashboard's users. A completed task means that the change is on disk.</summary>
internal interface IDashboardUserStore
{
    /// <summary>Every user, in the order of their creation.</summary>
    ValueTask<IReadOnlyList<StoredUser>> LoadAsync(CancellationToken cancellation);

    /// <summary>Adds the user, or replaces the one of the same name.</summary>
    ValueTask SaveAsync(StoredUser user, CancellationToken cancellation);

    /// <summary>Removes the user of that name; none: nothing.</summary>
    ValueTask DeleteAsync(string username, CancellationToken cancellation);
}

/// <summary>A dashboard user as it is kept: of the password only a salted hash.</summary>
/// <param name="Iterations">Rounds of the hash; 0: EMQX's own, which came with a backup.</param>
/// <param name="CreatedAt">Unix seconds.</param>
internal sealed record StoredUser(string Username, string Description, byte[] PasswordSalt, byte[] PasswordHash, int Iterations, long CreatedAt);
