namespace Emqx.Broker.Collections;

/// <summary>What there is of a kind, each by the id that a configuration names it by; in the order in which it was listed.</summary>
internal abstract class Catalogue<T> where T : class
{
    private readonly OrderedDictionary<string, T> _entries = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">Two entries have one id.</exception>
    protected Catalogue(IEnumerable<T> entries, Func<T, string> idOf)
    {
        foreach (var entry in entries)
            _entries.Add(idOf(entry), entry);
    }

    public IReadOnlyList<T> Entries => _entries.Values;

    /// <summary>The entry of that id; null where there is none.</summary>
    public T? Find(string id) => _entries.GetValueOrDefault(id);
}
