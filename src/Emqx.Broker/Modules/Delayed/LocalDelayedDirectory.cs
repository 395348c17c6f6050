using Emqx.Broker.Cluster;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Modules.Delayed;

/// <summary>The waiting messages of this node.</summary>
internal sealed class LocalDelayedDirectory(DelayedQueue queue, NodeIdentity self) : IDelayedDirectory
{
    public ValueTask<DelayedPage> ListAsync(long skip, int limit, CancellationToken cancellation)
    {
        var total = queue.Count;
        var found = new DelayedMessage[Math.Min(limit, total)];
        var rows = new DelayedRow[queue.List(skip, found)];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = new(self.Name, found[i]);
        return new(new DelayedPage(rows, total));
    }

    public ValueTask<DelayedRow?> FindAsync(string node, MessageId id, CancellationToken cancellation) =>
        new(node == self.Name && queue.Find(id) is { } found ? new DelayedRow(self.Name, found) : null);
}
