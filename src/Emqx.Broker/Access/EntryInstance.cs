using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Access;

/// <summary>An entry of a list, what it stands for (null where it is disabled or could not be made) and what that has said.</summary>
/// <param name="name">The name of its type.</param>
internal sealed class EntryInstance<T>(string name, ConfigObject entry, T? instance, EntryMetrics metrics) where T : class
{
    public string Name { get; } = name;

    public ConfigObject Entry { get; } = entry;

    public bool IsEnabled => EntryListKind.IsEnabled(Entry);

    public T? Instance { get; } = instance;

    /// <summary>Kept when the entry changes; anew when it is added anew.</summary>
    public EntryMetrics Metrics { get; } = metrics;
}
