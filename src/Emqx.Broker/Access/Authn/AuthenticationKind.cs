using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Access.Authn;

/// <summary>The root <c>authentication</c>: the authenticators in the order in which they are asked.</summary>
internal sealed class AuthenticationKind(AuthenticatorCatalogue catalogue)
    : EntryListKind(new UnionKind([Mechanism, Backend], catalogue.Entries.Select(static type => (type.Id, type.Kind)), ProblemOf))
{
    public const string Mechanism = "mechanism";
    public const string Backend = "backend";

    public override string Name => "authentication()";

    /// <summary>The type that an entry names; null where the catalogue has none.</summary>
    public AuthenticatorType? Find(ConfigValue item) => NameOf(item) is { } id ? catalogue.Find(id) : null;

    /// <summary>What a body of the API may be: one entry.</summary>
    public static UnionKind BodyOf(AuthenticatorCatalogue catalogue) => new([Mechanism, Backend], catalogue.Entries.Select(static type => (type.Id, type.Body)), ProblemOf);

    private static Violation ProblemOf(ConfigObject item, string path) => (item[Mechanism], item[Backend]) switch
    {
        (null, _) => Violation.Because(path, "missing_mechanism_field"),
        ({ } mechanism, null) => Violation.Because(path, "unsupported_mechanism", (Mechanism, mechanism)),
        var (mechanism, backend) => Violation.Because(path, "unsupported_mechanism", (Mechanism, mechanism), (Backend, backend)),
    };
}
