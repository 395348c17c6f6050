namespace Emqx.Broker.Storage;

/// <summary>Keeps the dashboard's bearer tokens, so that they outlive a restart. A completed task means that the change is on disk.</summary>
internal interface ITokenStore
{
    /// <summary>Every token, expired ones too.</summary>
    ValueTask<IReadOnlyList<StoredToken>> LoadAsync(CancellationToken cancellation);

    /// <summary>Adds the token, or replaces the one of the same hash.</summary>
    ValueTask SaveAsync(StoredToken token, CancellationToken cancellation);

    /// <summary>Notes a use of the token. Written with the next batch and not waited for: a crash may lose the last second of it.</summary>
    void Renew(string tokenHash, long expiresAt, long lastUsedAt);

    /// <summary>Removes the token; none: nothing.</summary>
    ValueTask DeleteAsync(string tokenHash, CancellationToken cancellation);

    /// <summary>Removes all tokens of a user.</summary>
    ValueTask DeleteOfUserAsync(string username, CancellationToken cancellation);

    /// <summary>Removes the tokens whose <see cref="StoredToken.ExpiresAt"/> is before the given time (Unix milliseconds).</summary>
    ValueTask DeleteExpiredAsync(long before, CancellationToken cancellation);
}

/// <summary>A bearer token as it is kept: only a hash of it.</summary>
/// <param name="TokenHash">Text of the hash, the key.</param>
/// <param name="ExpiresAt">Unix milliseconds.</param>
/// <param name="LastUsedAt">Unix milliseconds.</param>
internal sealed record StoredToken(string TokenHash, string Username, long ExpiresAt, long LastUsedAt);
