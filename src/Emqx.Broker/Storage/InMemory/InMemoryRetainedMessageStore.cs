using System.Collections.Concurrent;

namespace Emqx.Broker.Storage.InMemory;

/// <summary>Retained messages that are gone with the process.</summary>
internal sealed class InMemoryRetainedMessageStore : IRetainedMessageStore
{
    private readonly ConcurrentDictionary<string, byte[]> _rows = new(StringComparer.Ordinal);

    public ValueTask LoadAsync(Action<byte[]> each, CancellationToken cancellation)
    {
        foreach (var (_, message) in _rows)
            each(message);
        return default;
    }

    public ValueTask WriteAsync(bool clears, IReadOnlyCollection<KeyValuePair<string, byte[]?>> changes, CancellationToken cancellation)
    {
        if (clears)
            _rows.Clear();
        foreach (var (topic, message) in changes)
        {
            if (message is null)
                _rows.TryRemove(topic, out _);
            else
                _rows[topic] = message;
        }

        return default;
    }
}
