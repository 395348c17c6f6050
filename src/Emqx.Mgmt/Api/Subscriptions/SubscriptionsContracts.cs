using System.Text.Json.Serialization;
using Emqx.Broker.Clients;
using Emqx.Broker.Routing;
using Emqx.Broker.Schema;
using Emqx.Mgmt.Api.Paging;
using Emqx.Mgmt.Api.Validation;

namespace Emqx.Mgmt.Api.Subscriptions;

/// <summary>Which subscriptions are listed.</summary>
/// <param name="Node">Of this node only.</param>
/// <param name="Clientid">Of this client.</param>
/// <param name="Qos">With this QoS.</param>
/// <param name="Topic">With exactly this filter; for shared ones what stands behind the group, together with <c>share_group</c>.</param>
/// <param name="MatchTopic">Whose filter, taken as a topic, this filter matches.</param>
/// <param name="ShareGroup">Of this share group.</param>
/// <param name="Durable">Of sessions that are kept on disk, or not.</param>
internal sealed record SubscriptionQuery(string? Node = null, string? Clientid = null, [Qos] int? Qos = null, string? Topic = null,
    string? MatchTopic = null, string? ShareGroup = null, bool? Durable = null) : IQueryString<SubscriptionQuery>
{
    /// <summary>As the directory takes it.</summary>
    public SubscriptionFilter ToFilter() => new()
    {
        Node = Node,
        ClientId = Clientid,
        Qos = (byte?)Qos,
        Topic = Topic,
        MatchTopic = Topic is null ? MatchTopic : null,
        ShareGroup = ShareGroup,
        Durable = Durable,
    };
}

/// <summary>A subscription.</summary>
/// <param name="Topic">The filter in full, <c>$share/group/</c> included.</param>
/// <param name="Clientid">Who subscribed.</param>
/// <param name="Node">The node that has the client.</param>
/// <param name="Qos">Highest QoS of deliveries.</param>
/// <param name="Nl">No-local, 0 or 1.</param>
/// <param name="Rap">Retain as published, 0 or 1.</param>
/// <param name="Rh">Retain handling, 0 to 2.</param>
/// <param name="Durable">Whether the session is kept on disk.</param>
internal sealed record SubscriptionResponse(string Topic, string Clientid, string Node, int Qos, int Nl, int Rap, int Rh, bool Durable)
{
    public static SubscriptionResponse Of(Subscription one, string clientId, string node)
    {
        var options = one.Options;
        return new SubscriptionResponse(one.Filter.Text, clientId, node, options.Qos, options.NoLocal ? 1 : 0, options.RetainAsPublished ? 1 : 0,
            options.RetainHandling, Durable: false);
    }
}

[JsonSerializable(typeof(Paged<SubscriptionResponse>))]
internal sealed partial class SubscriptionsJson : JsonSerializerContext;
