using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Access.Authz;

/// <summary>An entry of the catalogue of authorization sources.</summary>
internal sealed class AuthzSourceType
{
    /// <param name="type">EMQX's name of the type: <c>file</c>, <c>built_in_database</c>.</param>
    /// <param name="fields">What a configuration may say beside type and enable.</param>
    /// <param name="create">Makes one from a configuration that was checked; the services are the node's.</param>
    public AuthzSourceType(string type, IReadOnlyList<StructField> fields, Func<ConfigObject, IServiceProvider, IAuthzSource> create)
    {
        Type = type;
        Kind = Struct([Required(AuthzSourcesKind.Type, Enum(type)), Field(EntryListKind.Enable, Flag, true), .. fields]);
        Create = create;
    }

    public string Type { get; }

    /// <summary>What an entry of <c>authorization.sources</c> of this type may say.</summary>
    public StructKind Kind { get; }

    public Func<ConfigObject, IServiceProvider, IAuthzSource> Create { get; }
}
