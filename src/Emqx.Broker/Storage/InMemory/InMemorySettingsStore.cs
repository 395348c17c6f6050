namespace Emqx.Broker.Storage.InMemory;

/// <summary>Changed settings that are gone with the process.</summary>
internal sealed class InMemorySettingsStore : ISettingsStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _roots = [];

    public ValueTask<IReadOnlyDictionary<string, string>> LoadAsync(CancellationToken cancellation)
    {
        lock (_gate)
            return new(new Dictionary<string, string>(_roots));
    }

    public ValueTask SaveAsync(IReadOnlyDictionary<string, string?> roots, CancellationToken cancellation)
    {
        lock (_gate)
        {
            foreach (var (root, text) in roots)
            {
                if (text is null)
                    _roots.Remove(root);
                else
                    _roots[root] = text;
            }
        }

        return default;
    }
}
