using Emqx.Broker.Collections;
using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;

namespace Emqx.Broker.Clients;

/// <summary>
/// The subscriptions of a node, or of a whole cluster, those of waiting sessions among them. In descending order of the filter,
/// bytewise; shared ones after the plain ones.
/// </summary>
internal interface ISubscriptionDirectory
{
    /// <summary>The page <paramref name="page"/> (from 1) of <paramref name="limit"/> rows of what the filter selects.</summary>
    ValueTask<RowPage<SubscriptionRow>> ListAsync(SubscriptionFilter filter, int page, int limit, CancellationToken cancellation);
}

/// <summary>One subscription, and the node that has it.</summary>
/// <param name="Topic">The filter in full, <c>$share/g/t</c>.</param>
internal readonly record struct SubscriptionRow(string Node, string Topic, string ClientId, SubscriptionOptions Options);

/// <summary>Which subscriptions are wanted: all that every part given selects.</summary>
internal sealed record SubscriptionFilter
{
    public string? Node { get; init; }
    public string? ClientId { get; init; }

    /// <summary>The whole text of a plain filter; with <see cref="ShareGroup"/>, what stands behind the group, in any group (as EMQX has it).</summary>
    public string? Topic { get; init; }
    public string? ShareGroup { get; init; }
    public byte? Qos { get; init; }

    /// <summary>A filter that the subscription's own filter, taken as a topic, matches. Without effect beside <see cref="Topic"/>.</summary>
    public string? MatchTopic { get; init; }

    /// <summary>Of durable sessions; there are none.</summary>
    public bool? Durable { get; init; }

    /// <summary>Whether the rows are to be searched for, so that nobody counts them.</summary>
    public bool IsFuzzy => MatchTopic is not null && Topic is null;

    /// <summary>Whether a subscription is selected by its own fields.</summary>
    public bool Matches(Subscription row)
    {
        if (Qos is { } qos && row.Options.Qos != qos)
            return false;
        if (ClientId is not null && row.Subscriber.ClientId != ClientId)
            return false;
        if (Topic is not null)
            return row.Filter.Topic == Topic && row.Filter.Group is null == ShareGroup is null;
        if (ShareGroup is not null && row.Filter.Group != ShareGroup)
            return false;
        return MatchTopic is null || TopicMatcher.Matches(row.Filter.Topic, MatchTopic);
    }
}
