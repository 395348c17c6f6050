using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Access;

/// <summary>An entry of a list and what it stands for; null where that could not be made.</summary>
internal sealed class EntryInstance<T>(ConfigObject entry, T? instance) where T : class
{
    public ConfigObject Entry { get; } = entry;

    public T? Instance { get; } = instance;
}
