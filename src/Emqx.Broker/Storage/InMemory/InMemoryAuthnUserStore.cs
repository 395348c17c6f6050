namespace Emqx.Broker.Storage.InMemory;

/// <summary>Users of authenticators that are gone with the process.</summary>
internal sealed class InMemoryAuthnUserStore : IAuthnUserStore
{
    private readonly InMemoryTable<(string Authenticator, string UserId), StoredAuthnUser> _rows = new(row => (row.Authenticator, row.UserId));

    public ValueTask<IReadOnlyList<StoredAuthnUser>> LoadAsync(CancellationToken cancellation) => new(_rows.ToList());

    public ValueTask SaveAsync(IReadOnlyCollection<StoredAuthnUser> users, CancellationToken cancellation)
    {
        foreach (var user in users)
            _rows.Save(user);
        return default;
    }

    public ValueTask DeleteAsync(string authenticator, string userId, CancellationToken cancellation)
    {
        _rows.Delete((authenticator, userId));
        return default;
    }

    public ValueTask ClearAsync(string authenticator, CancellationToken cancellation)
    {
        _rows.DeleteWhere(row => row.Authenticator == authenticator);
        return default;
    }
}
