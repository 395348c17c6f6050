using System.Diagnostics.CodeAnalysis;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Access.Authz.Rules;

/// <summary>
/// Reads rules of tokens and of other systems' answers: <c>{"permission", "action", "topic" or "topics", "qos", "retain"}</c>. They are for the client
/// that they come with, whoever it is.
/// </summary>
internal static class AuthzRuleReader
{
    /// <summary>Rules that a list may have, and topics that a rule may have.</summary>
    public const int Most = 1000;

    private const string Allow = "allow";
    private const string Deny = "deny";

    /// <summary>Reads a list of rules; of one that is wrong <paramref name="problem"/> tells in EMQX's word.</summary>
    public static bool TryReadList(ConfigValue value, [NotNullWhen(true)] out AuthzRules? rules, [NotNullWhen(false)] out string? problem)
    {
        rules = null;
        problem = "invalid_rule";
        if (value is not ConfigArray { Items: var items } || items.Count > Most)
            return false;
        var read = new AuthzRule[items.Count];
        for (var i = 0; i < read.Length; i++)
        {
            if (!TryRead(items[i], out var rule, out problem))
                return false;
            read[i] = rule;
        }

        rules = new(read);
        problem = null;
        return true;
    }

    /// <summary>Reads one rule; of what is wrong <paramref name="problem"/> tells in EMQX's word.</summary>
    public static bool TryRead(ConfigValue value, [NotNullWhen(true)] out AuthzRule? rule, [NotNullWhen(false)] out string? problem)
    {
        rule = null;
        problem = FindProblem(value as ConfigObject, out var isAllow, out var action, out var topics);
        if (problem is not null)
            return false;
        rule = new(isAllow, AuthzWho.All.Instance, action, topics);
        return true;
    }

    private static string? FindProblem(ConfigObject? given, out bool isAllow, out AuthzAction action, out AuthzTopic[] topics)
    {
        isAllow = given?["permission"] is ConfigText { Text: Allow };
        action = default;
        topics = [];
        if (given?["permission"] is not { } permission || given["action"] is not { } kind)
            return "invalid_rule";
        if (ReadTopics(given) is not { } read)
            return "missing_topic_or_topics";
        topics = read;
        if (!isAllow && permission is not ConfigText { Text: Deny })
            return "invalid_permission";
        if (ReadAction(kind) is not { } named)
            return "invalid_action";
        if (ReadQos(given["qos"]) is not { } qos)
            return "invalid_qos";
        bool? retain = null;
        if (named.Publish && !TryReadRetain(given["retain"], out retain))
            return "invalid_retain";
        action = named with { QosMask = qos, Retain = retain };
        return null;
    }

    private static AuthzTopic[]? ReadTopics(ConfigObject given)
    {
        if (given["topic"] is ConfigText topic)
            return [AuthzTopic.Parse(topic.Text)];
        if (given["topics"] is not ConfigArray { Items: var items } || items.Count > Most)
            return null;
        var topics = new AuthzTopic[items.Count];
        for (var i = 0; i < topics.Length; i++)
        {
            if (items[i] is not ConfigText text)
                return null;
            topics[i] = AuthzTopic.Parse(text.Text);
        }

        return topics;
    }

    private static AuthzAction? ReadAction(ConfigValue value) => (value as ConfigText)?.Text switch
    {
        "pub" or "publish" => new AuthzAction(Publish: true, Subscribe: false),
        "sub" or "subscribe" => new AuthzAction(Publish: false, Subscribe: true),
        "all" => AuthzAction.All,
        _ => null,
    };

    /// <summary>1, "1", "0,1", [0, "1"]: as bits. Nothing stands for all.</summary>
    private static byte? ReadQos(ConfigValue? value) => value switch
    {
        null or ConfigNull => AuthzAction.AnyQos,
        ConfigText text => Join(text.Text.Split(',').Select(static one => Bit(new ConfigText(one)))),
        ConfigArray array => Join(array.Items.Select(Bit)),
        _ => Bit(value),
    };

    private static byte? Join(IEnumerable<byte?> bits)
    {
        byte mask = 0;
        foreach (var bit in bits)
        {
            if (bit is null)
                return null;
            mask |= bit.Value;
        }

        return mask;
    }

    private static byte? Bit(ConfigValue value) => value switch
    {
        ConfigText { Text: "0" } => 1,
        ConfigText { Text: "1" } => 1 << 1,
        ConfigText { Text: "2" } => 1 << 2,
        ConfigNumber number when number.TryGetInteger(out var qos) && qos is >= 0 and <= 2 => (byte)(1 << (int)qos),
        _ => null,
    };

    private static bool TryReadRetain(ConfigValue? value, out bool? retain)
    {
        retain = value switch
        {
            ConfigBoolean flag => flag.Value,
            ConfigText { Text: "true" or "1" } => true,
            ConfigText { Text: "false" or "0" } => false,
            ConfigNumber number when number.TryGetInteger(out var digit) && digit is 0 or 1 => digit == 1,
            _ => null,
        };
        return retain is not null || value is null or ConfigNull or ConfigText { Text: "all" };
    }
}
