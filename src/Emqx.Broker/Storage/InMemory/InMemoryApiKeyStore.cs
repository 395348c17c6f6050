namespace Emqx.Broker.Storage.InMemory;

/// <summary>API keys that are gone with the process.</summary>
internal sealed class InMemoryApiKeyStore : IApiKeyStore
{
    private readonly InMemoryTable<string, StoredApiKey> _rows = new(row => row.Name);

    public ValueTask<IReadOnlyList<StoredApiKey>> LoadAsync(CancellationToken cancellation) => new(_rows.ToList());

    public ValueTask SaveAsync(StoredApiKey key, CancellationToken cancellation)
    {
        _rows.Save(key);
        return default;
    }

    public ValueTask DeleteAsync(string name, CancellationToken cancellation)
    {
        _rows.Delete(name);
        return default;
    }
}
