using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Roots;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Access.Authz;

/// <summary>An entry of the catalogue of authorization sources.</summary>
internal sealed class AuthzSourceType
{
    /// <param name="type">EMQX's name of the type: <c>file</c>, <c>built_in_database</c>.</param>
    /// <param name="fields">What a configuration may say beside type and enable.</param>
    /// <param name="create">Makes one from a configuration that was checked; the services are the node's.</param>
    public AuthzSourceType(string type, IReadOnlyList<StructField> fields, Func<ConfigObject, IServiceProvider, IAuthzSource> create)
        : this(type, Struct([.. CommonFields(type), .. fields]), create)
    {
    }

    /// <param name="kind">All that a configuration may say, for what has several forms; <see cref="CommonFields"/> are in each.</param>
    public AuthzSourceType(string type, ValueKind kind, Func<ConfigObject, IServiceProvider, IAuthzSource> create)
    {
        Type = type;
        ApiKind = Kind = kind;
        Create = create;
    }

    public string Type { get; }

    /// <summary>What an entry of <c>authorization.sources</c> of this type may say.</summary>
    public ValueKind Kind { get; }

    /// <summary>What a request of the API may say.</summary>
    public ValueKind ApiKind { get; private init; }

    /// <summary>What the API shows of an entry, where that is not what the entry says.</summary>
    public Func<ConfigObject, ConfigPaths, ConfigObject>? Shown { get; init; }

    public Func<ConfigObject, IServiceProvider, IAuthzSource> Create { get; }

    /// <summary>The fields of requests of the API, where they are others than those of the configuration.</summary>
    public IReadOnlyList<StructField> ApiFields
    {
        init => ApiKind = Struct([.. CommonFields(Type), .. value]);
    }

    /// <summary>What every configuration may say.</summary>
    public static StructField[] CommonFields(string type) => [Required(AuthzSourcesKind.Type, Enum(type)), Field(EntryListKind.Enable, Flag, true)];
}
