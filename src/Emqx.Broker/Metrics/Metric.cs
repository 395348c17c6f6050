namespace Emqx.Broker.Metrics;

/// <summary>A counter of the node, under EMQX's name. This list is the only one: the API and the $SYS topics show its names in its order.</summary>
internal readonly struct Metric
{
    private static readonly List<string> s_names = new(128);

    public static readonly Metric BytesReceived = new("bytes.received");
    public static readonly Metric BytesSent = new("bytes.sent");
    public static readonly Metric PacketsAuthReceived = new("packets.auth.received");
    public static readonly Metric PacketsAuthSent = new("packets.auth.sent");
    public static readonly Metric PacketsConnackAuthError = new("packets.connack.auth_error");
    public static readonly Metric PacketsConnackError = new("packets.connack.error");
    public static readonly Metric PacketsConnackSent = new("packets.connack.sent");
    public static readonly Metric PacketsConnectReceived = new("packets.connect.received");
    public static readonly Metric PacketsDisconnectReceived = new("packets.disconnect.received");
    public static readonly Metric PacketsDisconnectSent = new("packets.disconnect.sent");
    public static readonly Metric PacketsPingreqReceived = new("packets.pingreq.received");
    public static readonly Metric PacketsPingrespSent = new("packets.pingresp.sent");
    public static readonly Metric PacketsPubackInuse = new("packets.puback.inuse");
    public static readonly Metric PacketsPubackMissed = new("packets.puback.missed");
    public static readonly Metric PacketsPubackReceived = new("packets.puback.received");
    public static readonly Metric PacketsPubackSent = new("packets.puback.sent");
    public static readonly Metric PacketsPubcompInuse = new("packets.pubcomp.inuse");
    public static readonly Metric PacketsPubcompMissed = new("packets.pubcomp.missed");
    public static readonly Metric PacketsPubcompReceived = new("packets.pubcomp.received");
    public static readonly Metric PacketsPubcompSent = new("packets.pubcomp.sent");
    public static readonly Metric PacketsPublishAuthError = new("packets.publish.auth_error");
    public static readonly Metric PacketsPublishDropped = new("packets.publish.dropped");
    public static readonly Metric PacketsPublishError = new("packets.publish.error");
    public static readonly Metric PacketsPublishInuse = new("packets.publish.inuse");
    public static readonly Metric PacketsPublishReceived = new("packets.publish.received");
    public static readonly Metric PacketsPublishSent = new("packets.publish.sent");
    public static readonly Metric PacketsPubrecInuse = new("packets.pubrec.inuse");
    public static readonly Metric PacketsPubrecMissed = new("packets.pubrec.missed");
    public static readonly Metric PacketsPubrecReceived = new("packets.pubrec.received");
    public static readonly Metric PacketsPubrecSent = new("packets.pubrec.sent");
    public static readonly Metric PacketsPubrelMissed = new("packets.pubrel.missed");
    public static readonly Metric PacketsPubrelReceived = new("packets.pubrel.received");
    public static readonly Metric PacketsPubrelSent = new("packets.pubrel.sent");
    public static readonly Metric PacketsReceived = new("packets.received");
    public static readonly Metric PacketsSent = new("packets.sent");
    public static readonly Metric PacketsSubackSent = new("packets.suback.sent");
    public static readonly Metric PacketsSubscribeAuthError = new("packets.subscribe.auth_error");
    public static readonly Metric PacketsSubscribeError = new("packets.subscribe.error");
    public static readonly Metric PacketsSubscribeReceived = new("packets.subscribe.received");
    public static readonly Metric PacketsUnsubackSent = new("packets.unsuback.sent");
    public static readonly Metric PacketsUnsubscribeError = new("packets.unsubscribe.error");
    public static readonly Metric PacketsUnsubscribeReceived = new("packets.unsubscribe.received");
    public static readonly Metric MessagesAcked = new("messages.acked");
    public static readonly Metric MessagesDelayed = new("messages.delayed");
    public static readonly Metric MessagesDelivered = new("messages.delivered");
    public static readonly Metric MessagesDropped = new("messages.dropped");
    public static readonly Metric MessagesDroppedAwaitPubrelTimeout = new("messages.dropped.await_pubrel_timeout");
    public static readonly Metric MessagesDroppedNoSubscribers = new("messages.dropped.no_subscribers");
    public static readonly Metric MessagesForward = new("messages.forward");
    public static readonly Metric MessagesPersisted = new("messages.persisted");
    public static readonly Metric MessagesPublish = new("messages.publish");
    public static readonly Metric MessagesQos0Received = new("messages.qos0.received");
    public static readonly Metric MessagesQos0Sent = new("messages.qos0.sent");
    public static readonly Metric MessagesQos1Received = new("messages.qos1.received");
    public static readonly Metric MessagesQos1Sent = new("messages.qos1.sent");
    public static readonly Metric MessagesQos2Received = new("messages.qos2.received");
    public static readonly Metric MessagesQos2Sent = new("messages.qos2.sent");
    public static readonly Metric MessagesReceived = new("messages.received");
    public static readonly Metric MessagesSent = new("messages.sent");
    public static readonly Metric MessagesTransformationFailed = new("messages.transformation_failed");
    public static readonly Metric MessagesTransformationSucceeded = new("messages.transformation_succeeded");
    public static readonly Metric MessagesValidationFailed = new("messages.validation_failed");
    public static readonly Metric MessagesValidationSucceeded = new("messages.validation_succeeded");
    public static readonly Metric DeliveryDropped = new("delivery.dropped");
    public static readonly Metric DeliveryDroppedExpired = new("delivery.dropped.expired");
    public static readonly Metric DeliveryDroppedNoLocal = new("delivery.dropped.no_local");
    public static readonly Metric DeliveryDroppedQos0Msg = new("delivery.dropped.qos0_msg");
    public static readonly Metric DeliveryDroppedQueueFull = new("delivery.dropped.queue_full");
    public static readonly Metric DeliveryDroppedTooLarge = new("delivery.dropped.too_large");
    public static readonly Metric ClientAuthAnonymous = new("client.auth.anonymous");
    public static readonly Metric ClientAuthenticate = new("client.authenticate");
    public static readonly Metric ClientAuthorize = new("client.authorize");
    public static readonly Metric ClientConnack = new("client.connack");
    public static readonly Metric ClientConnect = new("client.connect");
    public static readonly Metric ClientConnected = new("client.connected");
    public static readonly Metric ClientDisconnected = new("client.disconnected");
    public static readonly Metric ClientSubscribe = new("client.subscribe");
    public static readonly Metric ClientUnsubscribe = new("client.unsubscribe");
    public static readonly Metric SessionCreated = new("session.created");
    public static readonly Metric SessionDiscarded = new("session.discarded");
    public static readonly Metric SessionResumed = new("session.resumed");
    public static readonly Metric SessionTakenover = new("session.takenover");
    public static readonly Metric SessionTerminated = new("session.terminated");
    public static readonly Metric AuthorizationAllow = new("authorization.allow");
    public static readonly Metric AuthorizationCacheHit = new("authorization.cache_hit");
    public static readonly Metric AuthorizationCacheMiss = new("authorization.cache_miss");
    public static readonly Metric AuthorizationDeny = new("authorization.deny");
    public static readonly Metric AuthorizationMatchedAllow = new("authorization.matched.allow");
    public static readonly Metric AuthorizationMatchedDeny = new("authorization.matched.deny");
    public static readonly Metric AuthorizationNomatch = new("authorization.nomatch");
    public static readonly Metric AuthorizationSuperuser = new("authorization.superuser");
    public static readonly Metric AuthenticationFailure = new("authentication.failure");
    public static readonly Metric AuthenticationSuccess = new("authentication.success");
    public static readonly Metric AuthenticationSuccessAnonymous = new("authentication.success.anonymous");
    public static readonly Metric OverloadProtectionDelayOk = new("overload_protection.delay.ok");
    public static readonly Metric OverloadProtectionDelayTimeout = new("overload_protection.delay.timeout");
    public static readonly Metric OverloadProtectionGc = new("overload_protection.gc");
    public static readonly Metric OverloadProtectionHibernation = new("overload_protection.hibernation");
    public static readonly Metric OverloadProtectionNewConn = new("overload_protection.new_conn");

    /// <summary>The names, indexed by the counters' numbers.</summary>
    public static readonly string[] Names = [.. s_names];

    private readonly int _number;

    private Metric(string name)
    {
        _number = s_names.Count;
        s_names.Add(name);
    }

    /// <summary>Where its value stands among all values.</summary>
    public static explicit operator int(Metric metric) => metric._number;
}
