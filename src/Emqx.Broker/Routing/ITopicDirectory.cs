using Emqx.Broker.Collections;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Routing;

/// <summary>The distinct filters that have a subscriber, on each node of a cluster; share groups apart.</summary>
internal interface ITopicDirectory
{
    /// <summary>
    /// The page <paramref name="page"/> (from 1) of <paramref name="limit"/> rows. With a filter it is counted on the last page only.
    /// </summary>
    /// <param name="topic">Exactly this filter; null for all.</param>
    /// <param name="fromNode">Of this node; null for all. An unknown one has no topics.</param>
    ValueTask<RowPage<TopicRow>> ListAsync(TopicFilter? topic, string? fromNode, int page, int limit, CancellationToken cancellation);

    /// <summary>The nodes that have a subscriber for exactly this filter.</summary>
    ValueTask<IReadOnlyList<TopicRow>> FindAsync(TopicFilter topic, CancellationToken cancellation);
}

/// <summary>One filter, and a node that has subscribers for it.</summary>
/// <param name="Topic">The filter in full, <c>$share/g/t</c>.</param>
internal readonly record struct TopicRow(string Node, string Topic);
