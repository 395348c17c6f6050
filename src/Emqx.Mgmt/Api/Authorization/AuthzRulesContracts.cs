using System.Text.Json;
using Emqx.Broker.Access.Authz.BuiltIn;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Mgmt.Api.Validation;

namespace Emqx.Mgmt.Api.Authorization;

/// <summary>Whether a rule allows or denies.</summary>
internal enum AuthzPermission
{
    Allow,
    Deny,
}

/// <summary>What a rule is about.</summary>
internal enum AuthzActionName
{
    Publish,
    Subscribe,
    All,
}

/// <summary>A rule.</summary>
/// <param name="Topic">A topic or filter; <c>${clientid}</c> and <c>${username}</c> stand for the client's. Behind <c>eq </c> it is compared as it stands.</param>
/// <param name="Permission">Whether it allows or denies.</param>
/// <param name="Action">What it is about.</param>
/// <param name="Qos">The levels of QoS that it is about; left out: all.</param>
/// <param name="Retain">Whether it is about retained messages, about others, or about all.</param>
internal sealed record AuthzRuleRequest(string Topic, AuthzPermission Permission, AuthzActionName Action, QosLevels? Qos = null, RetainChoice? Retain = null)
{
    /// <summary>As the database has it.</summary>
    public BuiltInRule ToRule() =>
        BuiltInRule.From(Topic, Word(Permission), Word(Action), Qos?.Levels, Retain?.Value) ?? throw new InvalidOperationException("The rule has been checked.");

    private static string Word<T>(T member) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(member.ToString());
}

/// <summary>Levels of QoS.</summary>
[Kind(typeof(QosLevelsKind))]
internal sealed record QosLevels(ConfigArray Given)
{
    /// <summary>As numbers.</summary>
    public IReadOnlyList<int> Levels => [.. Given.Items.Select(static item => item is ConfigNumber number && number.TryGetInteger(out var level) ? (int)level : 0)];
}

/// <summary>A list of levels of QoS.</summary>
internal sealed class QosLevelsKind : ValueKind
{
    private static readonly ValueKind s_list = Kinds.ArrayOf(Kinds.Qos);

    public override string Name => s_list.Name;

    public override ValueKind Shape => s_list;

    public override ConfigValue? Check(ConfigValue value, Inspection at) => s_list.Check(value, at);
}

/// <summary>Whether messages are retained, or <c>all</c>.</summary>
[Kind(typeof(RetainChoiceKind))]
internal sealed record RetainChoice(ConfigValue Given)
{
    /// <summary>Null for all.</summary>
    public bool? Value => (Given as ConfigBoolean)?.Value;
}

/// <summary>A flag, or <c>all</c>.</summary>
internal sealed class RetainChoiceKind() : ChoiceKind(new SymbolKind("all"), Kinds.Flag);

/// <summary>Rules for a user name.</summary>
/// <param name="Username">The name.</param>
/// <param name="Rules">In the order in which they are tried.</param>
internal sealed record UserRulesRequest(string Username, IReadOnlyList<AuthzRuleRequest> Rules) : IJsonBody<UserRulesRequest>;

/// <summary>Rules for a client id.</summary>
/// <param name="Clientid">The id.</param>
/// <param name="Rules">In the order in which they are tried.</param>
internal sealed record ClientRulesRequest(string Clientid, IReadOnlyList<AuthzRuleRequest> Rules) : IJsonBody<ClientRulesRequest>;

/// <summary>Rules for everybody.</summary>
/// <param name="Rules">In the order in which they are tried.</param>
internal sealed record AllRulesRequest(IReadOnlyList<AuthzRuleRequest> Rules) : IJsonBody<AllRulesRequest>;

/// <summary>Which users' rules are listed.</summary>
/// <param name="LikeUsername">Names with this text in them.</param>
internal sealed record UserRulesQuery(string? LikeUsername = null) : IQueryString<UserRulesQuery>;

/// <summary>Which clients' rules are listed.</summary>
/// <param name="LikeClientid">Ids with this text in them.</param>
internal sealed record ClientRulesQuery(string? LikeClientid = null) : IQueryString<ClientRulesQuery>;

/// <summary>A rule.</summary>
/// <param name="Action"><c>publish</c>, <c>subscribe</c> or <c>all</c>.</param>
/// <param name="Permission"><c>allow</c> or <c>deny</c>.</param>
/// <param name="Qos">The levels of QoS that it is about.</param>
/// <param name="Retain">A flag, or <c>all</c>.</param>
/// <param name="Topic">A topic or filter.</param>
internal sealed record RuleResponse(string Action, string Permission, IReadOnlyList<int> Qos, JsonElement Retain, string Topic)
{
    private static readonly JsonElement s_all = JsonElement.Parse("\"all\"");
    private static readonly JsonElement s_true = JsonElement.Parse("true");
    private static readonly JsonElement s_false = JsonElement.Parse("false");

    /// <summary>What the API shows of the rules of a subject.</summary>
    public static IReadOnlyList<RuleResponse> Of(AuthzRuleSet set) => [.. set.Rules.Select(From)];

    private static RuleResponse From(BuiltInRule rule) => new(rule.Action, rule.Permission, rule.Qos, rule.Retain switch { true => s_true, false => s_false, _ => s_all }, rule.Topic);
}

/// <summary>Rules for a user name.</summary>
/// <param name="Rules">In the order in which they are tried.</param>
/// <param name="Username">The name.</param>
internal sealed record UserRulesResponse(IReadOnlyList<RuleResponse> Rules, string Username)
{
    /// <summary>What the API shows of a user's rules.</summary>
    public static UserRulesResponse From(AuthzRuleSet set) => new(RuleResponse.Of(set), set.Who);
}

/// <summary>Rules for a client id.</summary>
/// <param name="Clientid">The id.</param>
/// <param name="Rules">In the order in which they are tried.</param>
internal sealed record ClientRulesResponse(string Clientid, IReadOnlyList<RuleResponse> Rules)
{
    /// <summary>What the API shows of a client's rules.</summary>
    public static ClientRulesResponse From(AuthzRuleSet set) => new(set.Who, RuleResponse.Of(set));
}

/// <summary>Rules for everybody.</summary>
/// <param name="Rules">In the order in which they are tried.</param>
internal sealed record RulesResponse(IReadOnlyList<RuleResponse> Rules);
