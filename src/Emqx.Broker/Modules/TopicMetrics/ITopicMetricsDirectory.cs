namespace Emqx.Broker.Modules.TopicMetrics;

/// <summary>What was counted of single topics.</summary>
internal interface ITopicMetricsDirectory
{
    /// <summary>All topics that are measured, the last name first, as EMQX lists a few.</summary>
    ValueTask<IReadOnlyList<TopicReading>> ListAsync(CancellationToken cancellation);

    /// <summary>One topic; null where it is not measured.</summary>
    ValueTask<TopicReading?> FindAsync(string topic, CancellationToken cancellation);
}

/// <summary>Chooses the topics that are measured. What has been answered is on disk.</summary>
internal interface ITopicMetricsControl
{
    /// <summary>Measures a topic from now on.</summary>
    ValueTask<TopicRegistration> RegisterAsync(string topic, CancellationToken cancellation);

    /// <summary>Measures a topic no longer. False: it was not measured.</summary>
    ValueTask<bool> DeregisterAsync(string topic, CancellationToken cancellation);

    /// <summary>Begins to count anew: one topic, or all. False: that one is not measured.</summary>
    ValueTask<bool> RestartAsync(string? topic, CancellationToken cancellation);
}

/// <summary>What became of the wish to measure a topic.</summary>
internal enum TopicRegistration
{
    Registered,
    AlreadyRegistered,

    /// <summary>No topic name, but a filter, or too long.</summary>
    BadTopic,

    /// <summary>As many are measured as may be.</summary>
    TooMany,
}

/// <summary>The counters of a topic, by <see cref="TopicMetric"/>.</summary>
/// <param name="CreatedAt">Since when it is measured, Unix seconds.</param>
/// <param name="Counts">Since then, or since the last restart of its counting.</param>
/// <param name="Rates">Events a second, lately.</param>
internal sealed record TopicReading(string Topic, long CreatedAt, IReadOnlyList<long> Counts, IReadOnlyList<double> Rates);
