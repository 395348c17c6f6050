using Emqx.Broker.Protocol;

namespace Emqx.Broker.Access.Authz.Rules;

/// <summary>Rules in the order in which they are tried: the first that matches decides.</summary>
/// <param name="time">Where patterns are among the rules: the clock that bounds them together. Null for rules without any.</param>
internal sealed class AuthzRules(AuthzRule[] rules, TimeProvider? time = null) : IClientAcl
{
    public static readonly AuthzRules Empty = new([]);

    public int Count => rules.Length;

    public AuthzVerdict Check(AuthorizeRequest request)
    {
        var budget = new PatternBudget(time);
        foreach (var rule in rules)
        {
            var verdict = rule.Check(request, ref budget);
            if (verdict != AuthzVerdict.NoMatch)
                return verdict;
        }

        return AuthzVerdict.NoMatch;
    }
}
