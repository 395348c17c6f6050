using Emqx.Broker.Access.Authz.Rules;
using Emqx.Broker.Protocol;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Access.Authz.BuiltIn;

/// <summary>A rule of the built-in database, which is for the client whose it is.</summary>
/// <param name="topic">The topic or filter, as it was given.</param>
/// <param name="isAllow">Whether it allows; else it denies.</param>
/// <param name="action">What it is about.</param>
/// <param name="qos">The levels of QoS, as they were given.</param>
internal sealed class BuiltInRule(AuthzTopic topic, bool isAllow, AuthzAction action, IReadOnlyList<int> qos)
{
    /// <summary>QoS 0, 1 and 2, where nothing else is said.</summary>
    public static readonly IReadOnlyList<int> AnyQos = [0, 1, 2];

    private const string AllWord = "all";

    public string Topic => topic.Text;

    public string Permission => isAllow ? "allow" : "deny";

    public string Action => action switch { { Publish: true, Subscribe: true } => AllWord, { Publish: true } => "publish", _ => "subscribe" };

    public IReadOnlyList<int> Qos => qos;

    /// <summary>Null: whether the message is retained or not.</summary>
    public bool? Retain => action.Retain;

    /// <summary>A rule of EMQX's words; null where one of them is none.</summary>
    /// <param name="retain">Null: whether the message is retained or not.</param>
    public static BuiltInRule? From(string topic, string permission, string action, IReadOnlyList<int>? qos, bool? retain)
    {
        if (permission is not ("allow" or "deny") || action is not ("publish" or "subscribe" or AllWord))
            return null;
        qos = qos is null || qos.SequenceEqual(AnyQos) ? AnyQos : qos;
        byte mask = 0;
        foreach (var level in qos)
        {
            if (level is < 0 or > 2)
                return null;
            mask |= (byte)(1 << level);
        }

        var about = new AuthzAction(Publish: action != "subscribe", Subscribe: action != "publish", mask, retain);
        return new(AuthzTopic.Parse(topic), permission == "allow", about, qos);
    }

    /// <summary>As it is kept.</summary>
    public ConfigObject ToConfig() => new(new()
    {
        ["topic"] = Topic,
        ["permission"] = Permission,
        ["action"] = Action,
        ["qos"] = new ConfigArray([.. qos.Select(static level => (ConfigValue)(long)level)]),
        ["retain"] = Retain is { } flag ? (ConfigValue)flag : AllWord,
    });

    /// <summary>Null where storage holds something that this version cannot read.</summary>
    public static BuiltInRule? FromConfig(ConfigValue value)
    {
        if (value is not ConfigObject kept || kept["topic"] is not ConfigText topic || kept["permission"] is not ConfigText permission
            || kept["action"] is not ConfigText action || kept["qos"] is not ConfigArray qos)
            return null;
        List<int> levels = [.. qos.Items.Select(static item => item is ConfigNumber number && number.TryGetInteger(out var level) ? (int)level : -1)];
        return From(topic.Text, permission.Text, action.Text, levels, (kept["retain"] as ConfigBoolean)?.Value);
    }

    /// <summary>What the rule says of a request.</summary>
    public AuthzVerdict Check(AuthorizeRequest request)
    {
        if (!action.Matches(request) || !topic.Matches(request, isAllow))
            return AuthzVerdict.NoMatch;
        return isAllow ? AuthzVerdict.Allow : AuthzVerdict.Deny;
    }
}
