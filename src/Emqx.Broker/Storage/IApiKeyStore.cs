namespace Emqx.Broker.Storage;

/// <summary>Keeps the API keys. A completed task means that the change is on disk.</summary>
internal interface IApiKeyStore
{
    /// <summary>Every key, in the order of their creation.</summary>
    ValueTask<IReadOnlyList<StoredApiKey>> LoadAsync(CancellationToken cancellation);

    /// <summary>Adds the key, or replaces the one of the same name.</summary>
    ValueTask SaveAsync(StoredApiKey key, CancellationToken cancellation);

    /// <summary>Removes the key of that name; none: nothing.</summary>
    ValueTask DeleteAsync(string name, CancellationToken cancellation);
}

/// <summary>An API key as it is kept: of the secret only a salted hash.</summary>
/// <param name="Key">The public half that the client sends as user name.</param>
/// <param name="ExpiresAt">Unix seconds; null: never.</param>
/// <param name="CreatedAt">Unix seconds.</param>
/// <param name="FromBootstrap">Made by the bootstrap file.</param>
internal sealed record StoredApiKey(string Name, string Key, byte[] SecretSalt, byte[] SecretHash, string Description, bool Enable,
    long? ExpiresAt, long CreatedAt, bool FromBootstrap);
