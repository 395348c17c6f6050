namespace Emqx.Broker.Storage.InMemory;

/// <summary>Delayed messages that are gone with the process.</summary>
internal sealed class InMemoryDelayedStore : IDelayedStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, StoredDelayedMessage> _rows = [];

    public ValueTask<IReadOnlyList<StoredDelayedMessage>> LoadAsync(CancellationToken cancellation)
    {
        lock (_gate)
            return new([.. _rows.Values]);
    }

    public ValueTask SaveAsync(IReadOnlyCollection<StoredDelayedMessage> messages, CancellationToken cancellation)
    {
        lock (_gate)
        {
            foreach (var message in messages)
                _rows[message.Place] = message;
        }

        return default;
    }

    public ValueTask DeleteAsync(IReadOnlyCollection<long> places, CancellationToken cancellation)
    {
        lock (_gate)
        {
            foreach (var place in places)
                _rows.Remove(place);
        }

        return default;
    }

    public ValueTask ClearAsync(CancellationToken cancellation)
    {
        lock (_gate)
            _rows.Clear();
        return default;
    }
}
