using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Access.Authn.Jwt;

/// <summary>What claims of a token have to be: texts by name, or a list of <c>{name, value}</c>. The form that was given is kept.</summary>
internal sealed class VerifyClaimsKind : ValueKind
{
    private const int Most = 1000;
    private const string ClaimName = "name";
    private const string ClaimValue = "value";

    private static readonly MapKind s_map = new(Kinds.Text, static name => IsName(name) ? null : new ConfigText("bad_claim_name"));

    public override string Name => "map";

    public override ValueKind Shape => s_map;

    public override ConfigValue? Check(ConfigValue value, Inspection at) => value switch
    {
        ConfigObject { Count: > Most } or ConfigArray { Items.Count: > Most } => at.Wrong(Most, $"too many claims: at most {Most}"),
        ConfigObject => s_map.Check(value, at) is ConfigObject map ? new ConfigObject(new(map.OrderBy(static one => one.Key, StringComparer.Ordinal))) : null,
        ConfigArray { Items: var items } => items.All(IsClaim) ? value : at.Unexpected(value, Name),
        _ => at.Unexpected(value, Name),
    };

    /// <summary>The claims of a value that was checked.</summary>
    public static IEnumerable<(string Name, string Value)> Read(ConfigValue? value) => value switch
    {
        ConfigObject map => map.Select(static one => (one.Key, TextOf(one.Value))),
        ConfigArray list => list.Items.OfType<ConfigObject>().Select(static item => (TextOf(item[ClaimName]), TextOf(item[ClaimValue]))),
        _ => [],
    };

    private static string TextOf(ConfigValue? value) => (value as ConfigText)?.Text ?? "";

    private static bool IsClaim(ConfigValue item) => item is ConfigObject claim && claim[ClaimName] is ConfigText { Text: var name } && IsName(name) && claim[ClaimValue] is ConfigText;

    /// <summary>Times are checked anyhow.</summary>
    private static bool IsName(string name) => name is not ("" or "exp" or "iat" or "nbf");
}
