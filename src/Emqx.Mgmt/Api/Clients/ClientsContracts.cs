using System.Text.Json.Serialization;
using Emqx.Broker.Schema;
using Emqx.Mgmt.Api.Subscriptions;
using Emqx.Mgmt.Api.Validation;

namespace Emqx.Mgmt.Api.Clients;

/// <summary>A subscription to be made for a client.</summary>
/// <param name="Topic">The filter, <c>$share/group/</c> included.</param>
/// <param name="Qos">Highest QoS of deliveries.</param>
/// <param name="Nl">No-local: 1 keeps the client's own messages back.</param>
/// <param name="Rap">Retain as published.</param>
/// <param name="Rh">Retain handling: 0 sends retained messages, 1 only for new subscriptions, 2 never.</param>
internal sealed record SubscribeRequest(string Topic, [Qos] int Qos = 0, int Nl = 0, int Rap = 0, int Rh = 0) : IJsonBody<SubscribeRequest>;

/// <summary>A subscription to be ended.</summary>
/// <param name="Topic">The filter in full.</param>
internal sealed record UnsubscribeRequest(string Topic) : IJsonBody<UnsubscribeRequest>;

/// <summary>A client's new keepalive.</summary>
/// <param name="Interval">Seconds, 0 to 65535; 0 switches the check off.</param>
internal sealed record KeepAliveRequest([Between(0, 65535)] int? Interval = null) : IJsonBody<KeepAliveRequest>;

/// <summary>A subscription that was made for a client.</summary>
/// <param name="Clientid">The client.</param>
/// <param name="Topic">The filter as sent.</param>
/// <param name="Node">The node that has the client.</param>
/// <param name="Qos">Highest QoS.</param>
/// <param name="Nl">No-local.</param>
/// <param name="Rap">Retain as published.</param>
/// <param name="Rh">Retain handling.</param>
internal sealed record SubscribedResponse(string Clientid, string Topic, string Node, int Qos, int Nl, int Rap, int Rh);

/// <summary>What came of several subscriptions, one of which failed.</summary>
/// <param name="Succeed">Those that were made.</param>
/// <param name="Failed">Those that were not.</param>
internal sealed record SubscribedPartlyResponse(IReadOnlyList<SubscribedResponse> Succeed, IReadOnlyList<SubscribeFailureResponse> Failed);

/// <summary>A subscription that was not made.</summary>
/// <param name="Data">Client id, filter and options.</param>
/// <param name="Reason">Why.</param>
internal sealed record SubscribeFailureResponse(IReadOnlyList<object> Data, string Reason);

/// <summary>The options of a subscription.</summary>
/// <param name="Qos">Highest QoS.</param>
/// <param name="Nl">No-local.</param>
/// <param name="Rap">Retain as published.</param>
/// <param name="Rh">Retain handling.</param>
internal sealed record SubscribeOptionsResponse(int Qos, int Nl, int Rap, int Rh);

/// <summary>A decision on what a client may do, as it is remembered.</summary>
/// <param name="Access">What was asked for.</param>
/// <param name="Topic">The topic or filter.</param>
/// <param name="Result">allow or deny.</param>
/// <param name="UpdatedTime">When it was decided, milliseconds.</param>
internal sealed record AuthorizationDecisionResponse(AuthorizationAccessResponse Access, string Topic, string Result, long UpdatedTime);

/// <summary>A kind of access.</summary>
/// <param name="ActionType">publish or subscribe.</param>
/// <param name="Qos">The QoS asked for.</param>
/// <param name="Retain">Of publish: whether the message was to be retained.</param>
internal sealed record AuthorizationAccessResponse(string ActionType, int Qos, bool? Retain);

/// <summary>Since when expired sessions count.</summary>
/// <param name="Since">Seconds since 1970.</param>
internal sealed record SessionsCountQuery([Between(0, long.MaxValue, Expected = "non_neg_integer()")] long Since = 0) : IQueryString<SessionsCountQuery>;

[JsonSerializable(typeof(SubscribedResponse))]
[JsonSerializable(typeof(IReadOnlyList<SubscribedResponse>))]
[JsonSerializable(typeof(SubscribedPartlyResponse))]
[JsonSerializable(typeof(SubscribeOptionsResponse))]
[JsonSerializable(typeof(IReadOnlyList<SubscriptionResponse>))]
[JsonSerializable(typeof(IReadOnlyList<AuthorizationDecisionResponse>))]
[JsonSerializable(typeof(ClientMessagesResponse))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(string))]
internal sealed partial class ClientsJson : JsonSerializerContext;
