using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Access.Authz;

/// <summary><c>authorization.sources</c>: bodies of rules in the order in which they are asked.</summary>
internal sealed class AuthzSourcesKind(AuthzSourceCatalogue catalogue) : EntryListKind
{
    public const string Type = "type";

    public override string Name => "authorization_sources()";

    /// <summary>The type that an entry names; null where the catalogue has none.</summary>
    public AuthzSourceType? Find(ConfigValue item) => TextOf(item, Type) is { } type ? catalogue.Find(type) : null;

    protected override (string, StructKind)? TypeOf(ConfigValue item) => Find(item) is { } type ? (type.Type, type.Kind) : null;

    protected override SettingsProblem ProblemOf(ConfigObject item, string path) => item[Type] is { } type
        ? SettingsProblem.Because(path, "unknown_authz_type", ("got", type))
        : SettingsProblem.Because(path, "missing_type_field");
}
