using System.Text.RegularExpressions;
using Emqx.Broker.Modules.Bans;
using Emqx.Broker.Protocol;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Modules.Rewrite;

/// <summary>The root <c>rewrite</c>: a list of rules.</summary>
internal static class RewriteRoot
{
    public const string Name = "rewrite";

    /// <summary>EMQX's word for rules that would have messages published to no topic name.</summary>
    public const string WildcardDestination = "cannot_use_wildcard_for_destination_topic";

    /// <summary>Every message is held against the rules one by one.</summary>
    private const int MostRules = 1000;

    /// <summary>Characters of a pattern: reading one takes more than linear time.</summary>
    private const int LongestPattern = 4096;

    private static readonly StructKind s_rule = Struct("modules.rewrite",
        Required("action", Enum("subscribe", "publish", "all")).Says("Whether topics are rewritten that clients publish to, subscribe to, or both."),
        Required("source_topic", Text).Says("The topic filter that selects the topics to rewrite."),
        Required("dest_topic", Text).Says("What becomes of the topic; $1 and so on stand for groups of the regular expression, ${clientid} and ${username} for the client's."),
        Required("re", new TextKind(problemOf: PatternProblem)).Says("The regular expression that takes the topic apart."));

    public static readonly ArrayKind Kind = new(s_rule, ProblemOf);

    /// <summary>The destinations of rules for publishing that are no topic names, the last one first.</summary>
    public static IReadOnlyList<string> BadDestinations(ConfigArray rules)
    {
        var bad = new List<string>();
        for (var i = rules.Items.Count - 1; i >= 0; i--)
        {
            var rule = new SettingsReader((ConfigObject)rules.Items[i]);
            if (rule.Text("action") != "subscribe" && !TopicName.IsValid(rule.Text("dest_topic")))
                bad.Add(rule.Text("dest_topic"));
        }

        return bad;
    }

    private static string? ProblemOf(ConfigArray rules)
    {
        if (rules.Items.Count > MostRules)
            return "too_many_rules";
        return BadDestinations(rules).Count > 0 ? WildcardDestination : null;
    }

    private static string? PatternProblem(string pattern)
    {
        if (pattern.Length > LongestPattern)
            return "regular_expression_too_long";
        try
        {
            BanTarget.CompilePattern(pattern);
            return null;
        }
        catch (RegexParseException error)
        {
            return $"compile_error: {error.Error} at {error.Offset}";
        }
    }
}
