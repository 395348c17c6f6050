namespace Emqx.Broker.Storage.InMemory;

/// <summary>Monitor samples that are gone with the process.</summary>
internal sealed class InMemoryMonitorSampleStore : IMonitorSampleStore
{
    private readonly InMemoryTable<long, StoredMonitorSample> _rows = new(row => row.At);

    public ValueTask<IReadOnlyList<StoredMonitorSample>> LoadAsync(long since, CancellationToken cancellation) =>
        new([.. _rows.ToList().Where(row => row.At >= since).OrderBy(row => row.At)]);

    public void Append(StoredMonitorSample sample) => _rows.Save(sample);

    public ValueTask ReplaceAsync(IReadOnlyCollection<long> removed, IReadOnlyCollection<StoredMonitorSample> added, CancellationToken cancellation)
    {
        foreach (var at in removed)
            _rows.Delete(at);
        foreach (var sample in added)
            _rows.Save(sample);
        return default;
    }

    public ValueTask DeleteBeforeAsync(long before, CancellationToken cancellation)
    {
        _rows.DeleteWhere(row => row.At < before);
        return default;
    }

    public ValueTask ClearAsync(CancellationToken cancellation)
    {
        _rows.DeleteWhere(_ => true);
        return default;
    }
}
