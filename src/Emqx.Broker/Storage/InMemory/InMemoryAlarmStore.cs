namespace Emqx.Broker.Storage.InMemory;

/// <summary>Alarms that are gone with the process.</summary>
internal sealed class InMemoryAlarmStore : IAlarmStore
{
    private readonly InMemoryTable<long, StoredAlarm> _rows = new(row => row.Id);

    public ValueTask<IReadOnlyList<StoredAlarm>> LoadAsync(CancellationToken cancellation) =>
        new([.. _rows.ToList().OrderBy(row => row.Id)]);

    public ValueTask SaveAsync(StoredAlarm alarm, CancellationToken cancellation)
    {
        _rows.Save(alarm);
        return default;
    }

    public ValueTask DeleteAsync(IReadOnlyCollection<long> ids, CancellationToken cancellation)
    {
        foreach (var id in ids)
            _rows.Delete(id);
        return default;
    }

    public ValueTask ClearPastAsync(CancellationToken cancellation)
    {
        _rows.DeleteWhere(row => row.DeactivatedAt is not null);
        return default;
    }
}
