using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Access.Authn;

/// <summary>The root <c>authentication</c>: the authenticators in the order in which they are asked.</summary>
internal sealed class AuthenticationKind(AuthenticatorCatalogue catalogue) : EntryListKind
{
    public const string Mechanism = "mechanism";
    public const string Backend = "backend";

    public override string Name => "authentication()";

    /// <summary>The type that an entry names; null where the catalogue has none.</summary>
    public AuthenticatorType? Find(ConfigValue item) =>
        TextOf(item, Mechanism) is { } mechanism ? catalogue.Find(AuthenticatorType.IdOf(mechanism, TextOf(item, Backend))) : null;

    protected override (string, StructKind)? TypeOf(ConfigValue item) => Find(item) is { } type ? (type.Id, type.Kind) : null;

    protected override SettingsProblem ProblemOf(ConfigObject item, string path) => (item[Mechanism], item[Backend]) switch
    {
        (null, _) => SettingsProblem.Because(path, "missing_mechanism_field"),
        ({ } mechanism, null) => SettingsProblem.Because(path, "unsupported_mechanism", (Mechanism, mechanism)),
        var (mechanism, backend) => SettingsProblem.Because(path, "unsupported_mechanism", (Mechanism, mechanism), (Backend, backend)),
    };
}
