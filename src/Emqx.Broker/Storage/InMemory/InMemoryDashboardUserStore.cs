namespace Emqx.Broker.Storage.InMemory;

/// <summary>Dashboard users that are gone with the process.</summary>
internal sealed class InMemoryDashboardUserStore : IDashboardUserStore
{
    private readonly InMemoryTable<string, StoredUser> _rows = new(row => row.Username);

    public ValueTask<IReadOnlyList<StoredUser>> LoadAsync(CancellationToken cancellation) => new(_rows.ToList());

    public ValueTask SaveAsync(StoredUser user, CancellationToken cancellation)
    {
        _rows.Save(user);
        return default;
    }

    public ValueTask DeleteAsync(string username, CancellationToken cancellation)
    {
        _rows.Delete(username);
        return default;
    }
}
