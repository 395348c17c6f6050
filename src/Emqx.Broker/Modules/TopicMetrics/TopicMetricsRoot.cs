using Emqx.Broker.Protocol;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using static Emqx.Broker.Schema.Kinds;

namespace Emqx.Broker.Modules.TopicMetrics;

/// <summary>The root <c>topic_metrics</c>: the topics that are measured.</summary>
internal static class TopicMetricsRoot
{
    public const string Name = "topic_metrics";

    /// <summary>Topics that are measured at most.</summary>
    public const int MostTopics = 512;

    private const string Topic = "topic";

    private static readonly StructKind s_item = Struct("modules.topic_metrics", Required(Topic, Text).Says("The topic name whose messages are counted."));

    public static readonly ArrayKind Kind = new(s_item, ProblemOf);

    /// <summary>The topics of a value of the root, each once.</summary>
    public static IReadOnlyList<string> TopicsOf(ConfigValue? value) =>
        value is ConfigArray array ? [.. array.Items.Select(static item => new SettingsReader((ConfigObject)item).Text(Topic)).Distinct(StringComparer.Ordinal)] : [];

    /// <summary>The value of the root that measures these topics.</summary>
    public static ConfigArray ValueOf(IEnumerable<string> topics) =>
        new([.. topics.Select(static topic => new ConfigObject(new() { [Topic] = topic }))]);

    private static string? ProblemOf(ConfigArray value)
    {
        var topics = TopicsOf(value);
        if (topics.Count > MostTopics)
            return "quota_exceeded";
        return topics.All(static topic => TopicName.IsValid(topic)) ? null : "bad_topic";
    }
}
