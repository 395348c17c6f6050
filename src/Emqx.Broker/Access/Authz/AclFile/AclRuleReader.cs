using Emqx.Broker.Access.Authz.Rules;

namespace Emqx.Broker.Access.Authz.AclFile;

/// <summary>Makes rules of the terms of a file: <c>{allow, WHO, ACTION, [TOPIC, …]}</c>, <c>{deny, all}</c>.</summary>
internal static class AclRuleReader
{
    /// <summary>The rules of a text, in order.</summary>
    /// <exception cref="AclSyntaxException">Something is no term of Erlang, or no rule.</exception>
    public static AuthzRule[] Read(string text) => [.. AclParser.Parse(text).Select(ReadRule)];

    private static AuthzRule ReadRule(AclTerm term)
    {
        if (term is AclTerm.Tuple { Items: [var permission, AclTerm.Word { Name: "all" }] } && IsPermission(permission, out var isAllow))
            return new(isAllow, AuthzWho.All.Instance, AuthzAction.All, topics: null);
        if (term is not AclTerm.Tuple { Items: [var permits, var who, var action, var topics] } || topics is not (AclTerm.List or AclTerm.Word { Name: "all" }))
            throw new AclSyntaxException($"#{{reason => invalid_authorization_rule,value => {term.Print()}}}");
        if (!IsPermission(permits, out isAllow))
            throw new AclSyntaxException($"#{{reason => invalid_authorization_permission,value => {permits.Print()}}}");
        return new(isAllow, AclWhoReader.Read(who), ReadAction(action), topics is AclTerm.List list ? [.. list.Items.Select(ReadTopic)] : null);
    }

    private static bool IsPermission(AclTerm term, out bool isAllow)
    {
        isAllow = term is AclTerm.Word { Name: "allow" };
        return isAllow || term is AclTerm.Word { Name: "deny" };
    }

    private static AuthzTopic ReadTopic(AclTerm term) => term switch
    {
        AclTerm.Text text => AuthzTopic.Parse(text.Value),
        AclTerm.Tuple { Items: [AclTerm.Word { Name: "eq" }, AclTerm.Text exact] } => AuthzTopic.Exact(exact.Value),
        _ => throw new AclSyntaxException($"#{{reason => invalid_authorization_topic,value => {term.Print()}}}"),
    };

    private static AuthzAction ReadAction(AclTerm term)
    {
        if (term is AclTerm.Word { Name: var plain } && Named(plain) is { } named)
            return named;
        if (term is not AclTerm.Tuple { Items: [AclTerm.Word { Name: var name }, AclTerm.List { Items: var options }] } || Named(name) is not { } action)
            throw new AclSyntaxException($"#{{reason => invalid_authorization_action,value => {term.Print()}}}");
        return action with { QosMask = ReadQos(options), Retain = action.Publish ? ReadRetain(options) : null };
    }

    private static AuthzAction? Named(string name) => name switch
    {
        "publish" => new AuthzAction(Publish: true, Subscribe: false),
        "subscribe" => new AuthzAction(Publish: false, Subscribe: true),
        "all" => AuthzAction.All,
        _ => null,
    };

    private static byte ReadQos(IReadOnlyList<AclTerm> options)
    {
        byte? mask = null;
        foreach (var option in options)
        {
            if (option is not AclTerm.Tuple { Items: [AclTerm.Word { Name: "qos" }, var value] })
                continue;
            foreach (var level in value is AclTerm.List list ? list.Items : [value])
            {
                if (level is not AclTerm.Number { Value: >= 0 and <= 2 and var qos })
                    throw new AclSyntaxException($"#{{qos => {level.Print()},reason => invalid_authorization_qos}}");
                mask = (byte)((mask ?? 0) | (1 << (int)qos));
            }

            mask ??= 0;
        }

        return mask ?? AuthzAction.AnyQos;
    }

    /// <summary>The first one counts; the word alone stands for true.</summary>
    private static bool? ReadRetain(IReadOnlyList<AclTerm> options)
    {
        foreach (var option in options)
        {
            if (option is AclTerm.Word { Name: "retain" })
                return true;
            if (option is AclTerm.Tuple { Items: [AclTerm.Word { Name: "retain" }, var value] })
            {
                return value is not AclTerm.Word { Name: "all" or "true" or "false" } word
                    ? throw new AclSyntaxException($"#{{reason => invalid_authorization_retain,value => {value.Print()}}}")
                    : word.Name == "all" ? null : word.Name == "true";
            }
        }

        return null;
    }
}
