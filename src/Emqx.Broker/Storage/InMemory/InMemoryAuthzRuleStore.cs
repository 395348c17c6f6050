namespace Emqx.Broker.Storage.InMemory;

/// <summary>Authorization rules that are gone with the process.</summary>
internal sealed class InMemoryAuthzRuleStore : IAuthzRuleStore
{
    private readonly InMemoryTable<(string Kind, string Who), StoredAuthzRules> _rows = new(row => (row.Kind, row.Who));

    public ValueTask<IReadOnlyList<StoredAuthzRules>> LoadAsync(CancellationToken cancellation) => new(_rows.ToList());

    public ValueTask SaveAsync(IReadOnlyCollection<StoredAuthzRules> rules, CancellationToken cancellation)
    {
        foreach (var row in rules)
            _rows.Save(row);
        return default;
    }

    public ValueTask DeleteAsync(string kind, string who, CancellationToken cancellation)
    {
        _rows.Delete((kind, who));
        return default;
    }

    public ValueTask ClearAsync(CancellationToken cancellation)
    {
        _rows.DeleteWhere(_ => true);
        return default;
    }
}
