namespace Emqx.Broker.Storage.InMemory;

/// <summary>Traces that are gone with the process.</summary>
internal sealed class InMemoryTraceStore : ITraceStore
{
    private readonly InMemoryTable<string, StoredTrace> _rows = new(row => row.Name);

    public ValueTask<IReadOnlyList<StoredTrace>> LoadAsync(CancellationToken cancellation) => new(_rows.ToList());

    public ValueTask SaveAsync(StoredTrace trace, CancellationToken cancellation)
    {
        _rows.Save(trace);
        return default;
    }

    public ValueTask DeleteAsync(string name, CancellationToken cancellation)
    {
        _rows.Delete(name);
        return default;
    }

    public ValueTask ClearAsync(CancellationToken cancellation)
    {
        _rows.DeleteWhere(_ => true);
        return default;
    }
}
