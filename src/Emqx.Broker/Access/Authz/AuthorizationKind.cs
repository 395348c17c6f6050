using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Access.Authz;

/// <summary>The root <c>authorization</c>: its sources are checked against the catalogue, what else it says is kept as it was given.</summary>
internal sealed class AuthorizationKind(AuthzSourceCatalogue catalogue) : OpenKind
{
    public const string Sources = "sources";

    private readonly AuthzSourcesKind _sources = new(catalogue);

    public override ConfigValue? Check(ConfigValue value, Inspection at)
    {
        if (value is not ConfigObject given)
            return at.Wrong(value, "bad_value_for_struct");
        if (given[Sources] is not { } sources)
            return value;

        at.Enter(Sources);
        var kept = _sources.Check(sources, at);
        at.Leave();
        return kept is null ? null : given.With(Sources, kept);
    }

    public override ConfigValue Shown(ConfigValue value) =>
        value is ConfigObject given && given[Sources] is { } sources ? given.With(Sources, _sources.Shown(sources)) : value;

    public override ConfigValue Unmasked(ConfigValue value, ConfigValue? present) => value is ConfigObject given && given[Sources] is { } sources
        ? given.With(Sources, _sources.Unmasked(sources, (present as ConfigObject)?[Sources]))
        : value;

    /// <summary>The name of a source's type; null where the catalogue has none.</summary>
    public string? NameOf(ConfigValue source) => _sources.NameOf(source);

    /// <summary>The type of a source; null where the catalogue has none.</summary>
    public AuthzSourceType? Find(ConfigValue source) => _sources.Find(source);
}
