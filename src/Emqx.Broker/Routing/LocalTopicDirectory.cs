using System.Buffers;
using Emqx.Broker.Cluster;
using Emqx.Broker.Collections;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Routing;

/// <summary>The distinct filters of this node's subscriptions.</summary>
internal sealed class LocalTopicDirectory(Router router, NodeIdentity node) : ITopicDirectory
{
    public ValueTask<RowPage<TopicRow>> ListAsync(TopicFilter? topic, string? fromNode, int page, int limit, CancellationToken cancellation)
    {
        if (fromNode is not null && fromNode != node.Name)
            return new(new RowPage<TopicRow>(0) { Total = 0 });
        var skip = (page - 1L) * limit;
        return new(topic is null ? All(skip, limit, isFiltered: fromNode is not null) : One(topic, skip));
    }

    public ValueTask<IReadOnlyList<TopicRow>> FindAsync(TopicFilter topic, CancellationToken cancellation) =>
        new(router.Topics.TryFind(TopicKey.Of(topic), out var found) ? [new TopicRow(node.Name, found.Text)] : []);

    private RowPage<TopicRow> All(long skip, int limit, bool isFiltered)
    {
        var filters = ArrayPool<TopicFilter>.Shared.Rent(limit + 1);
        var read = router.Topics.Read(skip, filters.AsSpan(0, limit + 1));
        var page = new RowPage<TopicRow>(limit) { HasNext = read > limit };
        if (!isFiltered || !page.HasNext)
            page.Total = router.Topics.Count;
        for (var i = 0; i < Math.Min(read, limit); i++)
            page.Add(new TopicRow(node.Name, filters[i].Text));
        Array.Clear(filters, 0, read);
        ArrayPool<TopicFilter>.Shared.Return(filters);
        return page;
    }

    private RowPage<TopicRow> One(TopicFilter topic, long skip)
    {
        var isThere = router.Topics.TryFind(TopicKey.Of(topic), out var found);
        var page = new RowPage<TopicRow>(1) { Total = isThere ? 1 : 0 };
        if (isThere && skip == 0)
            page.Add(new TopicRow(node.Name, found!.Text));
        return page;
    }
}
