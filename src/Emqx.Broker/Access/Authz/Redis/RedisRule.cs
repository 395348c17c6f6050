using System.Text;
using System.Text.Json;
using Emqx.Broker.Access.Authz.Rules;
using Emqx.Broker.Schema.Tree;

namespace Emqx.Broker.Access.Authz.Redis;

/// <summary>A rule as it is in Redis: a topic and, for it, <c>publish</c>, <c>subscribe</c>, <c>all</c>, or JSON with action, qos and retain. There it is only said what is allowed.</summary>
internal static class RedisRule
{
    private const string Action = "action";

    private static readonly string[] s_fields = [Action, "qos", "retain"];

    /// <summary>Null where it cannot be read, of which <paramref name="problem"/> tells.</summary>
    public static AuthzRule? Read(byte[]? topic, byte[]? text, out string? problem)
    {
        problem = "invalid_rule";
        if (topic is null || text is null)
            return null;
        var fields = new OrderedDictionary<string, ConfigValue> { ["permission"] = "allow", ["topic"] = Encoding.UTF8.GetString(topic) };
        if (Encoding.UTF8.GetString(text) is "publish" or "subscribe" or "all")
            fields[Action] = Encoding.UTF8.GetString(text);
        else if (ReadJson(text) is { } given)
            Take(given, fields);
        else
            problem = "invalid_topic_rule_not_json";
        return fields.ContainsKey(Action) && AuthzRuleReader.TryRead(new ConfigObject(fields), out var rule, out problem) ? rule : null;
    }

    private static void Take(ConfigObject given, OrderedDictionary<string, ConfigValue> fields)
    {
        foreach (var name in s_fields)
        {
            if (given[name] is { } value)
                fields[name] = value;
        }
    }

    private static ConfigObject? ReadJson(byte[] text)
    {
        try
        {
            return ConfigJson.Parse(text) as ConfigObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
