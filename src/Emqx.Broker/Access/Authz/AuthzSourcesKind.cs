using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Access.Authz;

/// <summary><c>authorization.sources</c>: bodies of rules in the order in which they are asked.</summary>
internal sealed class AuthzSourcesKind(AuthzSourceCatalogue catalogue)
    : EntryListKind(new UnionKind([Type], catalogue.Entries.Select(static type => (type.Type, type.Kind)), ProblemOf))
{
    public const string Type = "type";

    public override string Name => "authorization_sources()";

    /// <summary>The type that an entry names; null where the catalogue has none.</summary>
    public AuthzSourceType? Find(ConfigValue item) => NameOf(item) is { } type ? catalogue.Find(type) : null;

    /// <summary>What is wrong with an entry that names no type of the catalogue.</summary>
    public static Violation ProblemOf(ConfigObject item, string path) => item[Type] is { } type
        ? Violation.Because(path, "unknown_authz_type", ("got", type))
        : Violation.Because(path, "missing_type_field");
}
