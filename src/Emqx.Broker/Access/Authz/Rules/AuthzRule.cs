using Emqx.Broker.Protocol;

namespace Emqx.Broker.Access.Authz.Rules;

/// <summary>One rule: who may, or may not, do what with which topics. Asked from many threads at once.</summary>
/// <param name="isAllow">Whether it allows; else it denies.</param>
/// <param name="who">Whom it is about.</param>
/// <param name="action">What it is about.</param>
/// <param name="topics">The topics, one of which has to match; null for all, those with a leading $ too.</param>
internal sealed class AuthzRule(bool isAllow, AuthzWho who, AuthzAction action, AuthzTopic[]? topics)
{
    public bool IsAllow { get; } = isAllow;

    /// <summary>What the rule says of a request: <see cref="AuthzVerdict.NoMatch"/> where it is not about it.</summary>
    public AuthzVerdict Check(AuthorizeRequest request)
    {
        var budget = default(PatternBudget);
        return Check(request, ref budget);
    }

    /// <summary>As <see cref="Check(AuthorizeRequest)"/>, with a bound on what the patterns of all rules may take together.</summary>
    public AuthzVerdict Check(AuthorizeRequest request, ref PatternBudget budget)
    {
        // What could not be found out in time does not allow, and does deny.
        if (!action.Matches(request) || !who.Matches(request.Client, inDoubt: !IsAllow, ref budget) || !MatchesTopic(request))
            return AuthzVerdict.NoMatch;
        return IsAllow ? AuthzVerdict.Allow : AuthzVerdict.Deny;
    }

    private bool MatchesTopic(AuthorizeRequest request)
    {
        if (topics is null)
            return true;
        foreach (var topic in topics)
        {
            if (topic.Matches(request, IsAllow))
                return true;
        }

        return false;
    }
}
