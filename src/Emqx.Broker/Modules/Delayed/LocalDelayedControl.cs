using Emqx.Broker.Cluster;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Modules.Delayed;

/// <summary>Gives up waiting messages of this node.</summary>
internal sealed class LocalDelayedControl(DelayedQueue queue, DelayedJournal journal, NodeIdentity self) : IDelayedControl
{
    public async ValueTask<bool> RemoveAsync(string node, MessageId id, CancellationToken cancellation)
    {
        if (node != self.Name || !queue.Remove(id))
            return false;
        await SettleAsync(cancellation).ConfigureAwait(false);
        return true;
    }

    public async ValueTask<int> RemoveTopicAsync(string topic, CancellationToken cancellation)
    {
        var removed = queue.RemoveTopic(topic);
        if (removed > 0)
            await SettleAsync(cancellation).ConfigureAwait(false);
        return removed;
    }

    public async ValueTask SettleAsync(CancellationToken cancellation) => await journal.SettledAsync().WaitAsync(cancellation).ConfigureAwait(false);
}
