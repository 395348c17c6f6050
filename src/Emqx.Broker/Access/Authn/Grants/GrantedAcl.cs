using Emqx.Broker.Access.Authz.Rules;
using Emqx.Broker.Protocol;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Access.Authn.Grants;

/// <summary>
/// What credentials say that their client may do, in one of EMQX's two forms. Once the credentials are over, all is denied: a client that stays
/// has to show new ones.
/// </summary>
/// <param name="rules">What they say.</param>
/// <param name="deniesRest">Whether what they do not name is denied; else others decide on it.</param>
/// <param name="expiresAt">When they are over, Unix seconds; null for never.</param>
internal sealed class GrantedAcl(IClientAcl rules, bool deniesRest, double? expiresAt, TimeProvider time) : IClientAcl
{
    private static readonly (string Name, AuthzAction Action)[] s_lists =
    [
        ("pub", new AuthzAction(Publish: true, Subscribe: false)),
        ("sub", new AuthzAction(Publish: false, Subscribe: true)),
        ("all", AuthzAction.All),
    ];

    public AuthzVerdict Check(AuthorizeRequest request)
    {
        if (expiresAt is { } end && time.GetUtcNow().ToUnixTimeSeconds() >= end)
            return AuthzVerdict.Deny;
        var verdict = rules.Check(request);
        return deniesRest && verdict == AuthzVerdict.NoMatch ? AuthzVerdict.Deny : verdict;
    }

    /// <summary>Reads a list of rules; null where one is none.</summary>
    public static GrantedAcl? ReadList(ConfigArray given, double? expiresAt, TimeProvider time) =>
        AuthzRuleReader.TryReadList(given, out var rules, out _) ? new(rules, deniesRest: false, expiresAt, time) : null;

    /// <summary>Reads lists of what may be published, subscribed to, or both; null where one is none.</summary>
    public static GrantedAcl? ReadLists(ConfigObject given, double? expiresAt, TimeProvider time)
    {
        var rules = new List<AuthzRule>(s_lists.Length);
        foreach (var (name, action) in s_lists)
        {
            if (given[name] is not { } list)
                continue;
            if (list is not ConfigArray { Items: var items } || items.Count > AuthzRuleReader.Most || !items.All(static item => item is ConfigText))
                return null;
            rules.Add(new(isAllow: true, AuthzWho.All.Instance, action, [.. items.OfType<ConfigText>().Select(static item => AuthzTopic.Parse(item.Text))]));
        }

        return new(new AuthzRules([.. rules]), deniesRest: true, expiresAt, time);
    }
}
