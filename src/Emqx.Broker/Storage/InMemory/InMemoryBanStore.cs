namespace Emqx.Broker.Storage.InMemory;

/// <summary>Bans that are gone with the process.</summary>
internal sealed class InMemoryBanStore : IBanStore
{
    private readonly InMemoryTable<(string Kind, string Who), StoredBan> _rows = new(row => (row.As, row.Who));

    public ValueTask<IReadOnlyList<StoredBan>> LoadAsync(CancellationToken cancellation) => new(_rows.ToList());

    public ValueTask SaveAsync(StoredBan ban, CancellationToken cancellation)
    {
        _rows.Save(ban);
        return default;
    }

    public ValueTask DeleteAsync(string kind, string who, CancellationToken cancellation)
    {
        _rows.Delete((kind, who));
        return default;
    }

    public ValueTask DeleteExpiredAsync(long before, CancellationToken cancellation)
    {
        _rows.DeleteWhere(row => row.Until < before);
        return default;
    }

    public ValueTask ClearAsync(CancellationToken cancellation)
    {
        _rows.DeleteWhere(_ => true);
        return default;
    }
}
