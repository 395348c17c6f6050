using Emqx.Broker.Cluster;

namespace Emqx.Broker.Modules.SlowSubs;

/// <summary>The slow subscriptions of the cluster.</summary>
internal interface ISlowSubscriptionDirectory
{
    /// <summary>All that are kept, the slowest first.</summary>
    ValueTask<IReadOnlyList<NodeTagged<SlowDelivery>>> ListAsync(CancellationToken cancellation);
}

/// <summary>Forgets slow subscriptions.</summary>
internal interface ISlowSubscriptionControl
{
    /// <summary>Forgets all of them.</summary>
    ValueTask ClearAsync(CancellationToken cancellation);
}
