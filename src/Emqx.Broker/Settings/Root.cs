using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Microsoft.Extensions.DependencyInjection;

namespace Emqx.Broker.Settings;

/// <summary>
/// A root of the configuration. It stands in the node's catalogue once; checks, defaults, variables, storage, routes, documents
/// and tests follow from it.
/// </summary>
internal class Root(string name, ValueKind kind)
{
    public string Name { get; } = name;

    /// <summary>The table of its fields; <see cref="Kinds.Open"/> where they are not known here.</summary>
    public ValueKind Kind { get; } = kind;

    /// <summary>Its value where nothing sets one; null: it has none then.</summary>
    public ConfigValue? Default { get; init; } = kind is StructKind ? ConfigObject.Empty : null;

    /// <summary>What becomes of fields that a request leaves out.</summary>
    public Completion Completion { get; init; }

    /// <summary>Where it is read and written alone; null: nowhere.</summary>
    public RootAddress? Address { get; init; }

    /// <summary>No API may change it.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Fields that are read without a record: the path below the root, and the type that reads it.</summary>
    public IReadOnlyDictionary<string, Type> ReadBy { get; init; } = new Dictionary<string, Type>();

    /// <summary>Makes from checked fields what the server's parts read; null where there is no such record.</summary>
    public Func<ConfigObject, object>? Record { get; init; }

    /// <summary>Why nothing reads it, for users; null where something does.</summary>
    public string? WithoutEffect { get; init; }

    /// <summary>A root that is taken, kept and shown, and whose fields are not known here.</summary>
    public static Root Open(string name, string withoutEffect) => new(name, Kinds.Open) { WithoutEffect = withoutEffect };

    /// <summary>Registers what the server's parts ask for.</summary>
    public virtual void AddTo(IServiceCollection services, RunningConfiguration running)
    {
    }
}
