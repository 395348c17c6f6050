namespace Emqx.Broker.Storage;

/// <summary>Keeps the samples behind <c>/monitor</c>.</summary>
internal interface IMonitorSampleStore
{
    /// <summary>The samples taken at or after the given time (Unix milliseconds), oldest first.</summary>
    ValueTask<IReadOnlyList<StoredMonitorSample>> LoadAsync(long since, CancellationToken cancellation);

    /// <summary>Adds a sample. Written with the next batch and not waited for: nobody was promised it.</summary>
    void Append(StoredMonitorSample sample);

    /// <summary>Removes the samples taken at these times, and adds others in their place (thinning out), in one step.</summary>
    ValueTask ReplaceAsync(IReadOnlyCollection<long> removed, IReadOnlyCollection<StoredMonitorSample> added, CancellationToken cancellation);

    /// <summary>Removes the samples taken before the given time (Unix milliseconds).</summary>
    ValueTask DeleteBeforeAsync(long before, CancellationToken cancellation);

    /// <summary>Forgets all samples.</summary>
    ValueTask ClearAsync(CancellationToken cancellation);
}

/// <summary>One sample: what was counted since the one before, and the gauges at that moment.</summary>
/// <param name="At">Unix milliseconds, the key.</param>
internal sealed record StoredMonitorSample(long At)
{
    public long Received { get; init; }
    public long Sent { get; init; }
    public long Dropped { get; init; }
    public long Persisted { get; init; }
    public long ValidationSucceeded { get; init; }
    public long ValidationFailed { get; init; }
    public long TransformationSucceeded { get; init; }
    public long TransformationFailed { get; init; }
    public long Connections { get; init; }
    public long LiveConnections { get; init; }
    public long Subscriptions { get; init; }
    public long SubscriptionsDurable { get; init; }
    public long SubscriptionsRam { get; init; }
    public long DisconnectedDurableSessions { get; init; }
    public long Topics { get; init; }
}
