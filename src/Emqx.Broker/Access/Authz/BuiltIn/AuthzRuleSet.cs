using System.Text.Json;
using Emqx.Broker.Collections;
using Emqx.Broker.Protocol;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Storage;

namespace Emqx.Broker.Access.Authz.BuiltIn;

/// <summary>Whose rules they are.</summary>
internal enum AuthzSubject
{
    /// <summary>Everybody's.</summary>
    All,

    /// <summary>Those of clients with that user name.</summary>
    Username,

    /// <summary>Those of the client with that id.</summary>
    Clientid,
}

/// <summary>The rules of one subject, in the order in which they are tried.</summary>
/// <param name="who">The name; empty for all.</param>
internal sealed class AuthzRuleSet(AuthzSubject subject, string who, IReadOnlyList<BuiltInRule> rules)
{
    private readonly BuiltInRule[] _rules = [.. rules];

    public AuthzSubject Subject { get; } = subject;

    public string Who { get; } = who;

    public IReadOnlyList<BuiltInRule> Rules => _rules;

    /// <summary>What the first rule that matches says.</summary>
    public AuthzVerdict Check(AuthorizeRequest request)
    {
        foreach (var rule in _rules)
        {
            var verdict = rule.Check(request);
            if (verdict != AuthzVerdict.NoMatch)
                return verdict;
        }

        return AuthzVerdict.NoMatch;
    }

    public StoredAuthzRules ToStored() => new(WordOf(Subject), Who, new ConfigArray([.. _rules.Select(static rule => rule.ToConfig())]).ToString());

    /// <summary>Null where storage holds something that this version cannot read.</summary>
    public static AuthzRuleSet? FromStored(StoredAuthzRules stored)
    {
        if (SubjectOf(stored.Kind) is not { } subject || Parse(stored.Rules) is not ConfigArray { Items: var items })
            return null;
        var rules = new BuiltInRule[items.Count];
        for (var i = 0; i < rules.Length; i++)
        {
            if (BuiltInRule.FromConfig(items[i]) is not { } rule)
                return null;
            rules[i] = rule;
        }

        return new(subject, stored.Who, rules);
    }

    /// <summary>EMQX's word for a subject.</summary>
    public static string WordOf(AuthzSubject subject) => subject switch { AuthzSubject.Clientid => "clientid", AuthzSubject.Username => "username", _ => "all" };

    private static AuthzSubject? SubjectOf(string word) => word switch
    {
        "clientid" => AuthzSubject.Clientid,
        "username" => AuthzSubject.Username,
        "all" => AuthzSubject.All,
        _ => null,
    };

    private static ConfigValue? Parse(string json)
    {
        try
        {
            return ConfigJson.Parse(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>By name, from the last one to the first, as EMQX lists them.</summary>
internal readonly struct AuthzRuleOrder : IRowOrder<AuthzRuleSet, string>
{
    public static string KeyOf(AuthzRuleSet row) => row.Who;

    public static int Compare(in string key, AuthzRuleSet row) => Utf8Order.Compare(row.Who, key);
}
