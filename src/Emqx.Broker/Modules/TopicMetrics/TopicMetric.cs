namespace Emqx.Broker.Modules.TopicMetrics;

/// <summary>What is counted of a topic, in the order of EMQX's names; In and Out are the sums of those by QoS.</summary>
internal enum TopicMetric
{
    Dropped,
    In,
    Out,
    Qos0In,
    Qos0Out,
    Qos1In,
    Qos1Out,
    Qos2In,
    Qos2Out,
}

/// <summary>EMQX's names for <see cref="TopicMetric"/>.</summary>
internal static class TopicMetricNames
{
    /// <summary>In the order of the members.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        "messages.dropped", "messages.in", "messages.out", "messages.qos0.in", "messages.qos0.out", "messages.qos1.in", "messages.qos1.out",
        "messages.qos2.in", "messages.qos2.out",
    ];
}
