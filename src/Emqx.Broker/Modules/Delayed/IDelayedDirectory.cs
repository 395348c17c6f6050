using Emqx.Broker.Protocol;

namespace Emqx.Broker.Modules.Delayed;

/// <summary>The messages of the cluster that wait for their time.</summary>
internal interface IDelayedDirectory
{
    /// <summary>A page of them, the last due first.</summary>
    ValueTask<DelayedPage> ListAsync(long skip, int limit, CancellationToken cancellation);

    /// <summary>One of them; null where that node has none of this id.</summary>
    ValueTask<DelayedRow?> FindAsync(string node, MessageId id, CancellationToken cancellation);
}

/// <summary>Gives waiting messages up. What has been answered is on disk.</summary>
internal interface IDelayedControl
{
    /// <summary>Gives one up. False: that node has none of this id.</summary>
    ValueTask<bool> RemoveAsync(string node, MessageId id, CancellationToken cancellation);

    /// <summary>Gives all up that wait for a topic name; gives their number.</summary>
    ValueTask<int> RemoveTopicAsync(string topic, CancellationToken cancellation);

    /// <summary>Waits until all that has been given up is gone from the disk, too.</summary>
    ValueTask SettleAsync(CancellationToken cancellation);
}

/// <summary>A message that waits, and the node where it does.</summary>
internal sealed record DelayedRow(string Node, DelayedMessage Delayed);

/// <param name="Rows">The rows of the page.</param>
/// <param name="Total">All that wait.</param>
internal sealed record DelayedPage(IReadOnlyList<DelayedRow> Rows, long Total);
