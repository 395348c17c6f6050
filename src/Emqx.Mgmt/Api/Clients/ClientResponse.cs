using System.Text.Json;
using System.Text.Json.Serialization;

namespace Emqx.Mgmt.Api.Clients;

/// <summary>A client, connected or with a session that waits for it. Written by <see cref="ClientJsonWriter"/>; here for the API's description.</summary>
internal sealed record ClientResponse
{
    /// <summary>Client id.</summary>
    [JsonPropertyName("clientid")]
    public required string Clientid { get; init; }

    /// <summary>User name, or null.</summary>
    [JsonPropertyName("username")]
    public required string? Username { get; init; }

    /// <summary>Whether it is connected.</summary>
    [JsonPropertyName("connected")]
    public required bool Connected { get; init; }

    /// <summary>When it last connected.</summary>
    [JsonPropertyName("connected_at")]
    public required DateTimeOffset ConnectedAt { get; init; }

    /// <summary>When its session came to be.</summary>
    [JsonPropertyName("created_at")]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Since when it is away; only while it is.</summary>
    [JsonPropertyName("disconnected_at")]
    public DateTimeOffset? DisconnectedAt { get; init; }

    /// <summary>Properties of its DISCONNECT; only while it is away.</summary>
    [JsonPropertyName("disconn_props")]
    public IReadOnlyDictionary<string, string>? DisconnProps { get; init; }

    /// <summary>The node that has it.</summary>
    [JsonPropertyName("node")]
    public required string Node { get; init; }

    /// <summary>Its address.</summary>
    [JsonPropertyName("ip_address")]
    public required string IpAddress { get; init; }

    /// <summary>Its port.</summary>
    [JsonPropertyName("port")]
    public required int Port { get; init; }

    /// <summary>Server name that it asked TLS for, or null.</summary>
    [JsonPropertyName("peersni")]
    public required string? Peersni { get; init; }

    /// <summary>MQTT or MQIsdp.</summary>
    [JsonPropertyName("proto_name")]
    public required string ProtoName { get; init; }

    /// <summary>3, 4 or 5.</summary>
    [JsonPropertyName("proto_ver")]
    public required int ProtoVer { get; init; }

    /// <summary>Seconds; 0 for none.</summary>
    [JsonPropertyName("keepalive")]
    public required int Keepalive { get; init; }

    /// <summary>Whether it asked for a new session.</summary>
    [JsonPropertyName("clean_start")]
    public required bool CleanStart { get; init; }

    /// <summary>Seconds that the session outlives the connection.</summary>
    [JsonPropertyName("expiry_interval")]
    public required long ExpiryInterval { get; init; }

    /// <summary>Whether it does so at all.</summary>
    [JsonPropertyName("is_persistent")]
    public required bool IsPersistent { get; init; }

    /// <summary>Whether the session has expired.</summary>
    [JsonPropertyName("is_expired")]
    public required bool IsExpired { get; init; }

    /// <summary>Whether the session is kept on disk.</summary>
    [JsonPropertyName("durable")]
    public required bool Durable { get; init; }

    /// <summary>Whether it is a bridge.</summary>
    [JsonPropertyName("is_bridge")]
    public required bool IsBridge { get; init; }

    /// <summary>Whether its listener authenticates.</summary>
    [JsonPropertyName("enable_authn")]
    public required bool EnableAuthn { get; init; }

    /// <summary>Id of the listener.</summary>
    [JsonPropertyName("listener")]
    public required string Listener { get; init; }

    /// <summary>Prefix of its topics, or null.</summary>
    [JsonPropertyName("mountpoint")]
    public required string? Mountpoint { get; init; }

    /// <summary>Its attributes.</summary>
    [JsonPropertyName("client_attrs")]
    public required IReadOnlyDictionary<string, string> ClientAttrs { get; init; }

    /// <summary>When its credentials expire, or null.</summary>
    [JsonPropertyName("auth_expire_at")]
    public required DateTimeOffset? AuthExpireAt { get; init; }

    /// <summary>Subscriptions.</summary>
    [JsonPropertyName("subscriptions_cnt")]
    public required int SubscriptionsCnt { get; init; }

    /// <summary>Most subscriptions; a number or infinity.</summary>
    [JsonPropertyName("subscriptions_max")]
    public required JsonElement SubscriptionsMax { get; init; }

    /// <summary>Deliveries not yet acknowledged.</summary>
    [JsonPropertyName("inflight_cnt")]
    public required int InflightCnt { get; init; }

    /// <summary>Most of them at a time.</summary>
    [JsonPropertyName("inflight_max")]
    public required int InflightMax { get; init; }

    /// <summary>Queued messages.</summary>
    [JsonPropertyName("mqueue_len")]
    public required int MqueueLen { get; init; }

    /// <summary>Most queued messages; a number or infinity.</summary>
    [JsonPropertyName("mqueue_max")]
    public required JsonElement MqueueMax { get; init; }

    /// <summary>Messages that the full queue lost.</summary>
    [JsonPropertyName("mqueue_dropped")]
    public required long MqueueDropped { get; init; }

    /// <summary>QoS 2 messages that wait for PUBREL.</summary>
    [JsonPropertyName("awaiting_rel_cnt")]
    public required int AwaitingRelCnt { get; init; }

    /// <summary>Most of them; a number or infinity.</summary>
    [JsonPropertyName("awaiting_rel_max")]
    public required JsonElement AwaitingRelMax { get; init; }

    /// <summary>TCP packets received.</summary>
    [JsonPropertyName("recv_cnt")]
    public required long RecvCnt { get; init; }

    /// <summary>Bytes received.</summary>
    [JsonPropertyName("recv_oct")]
    public required long RecvOct { get; init; }

    /// <summary>MQTT packets received.</summary>
    [JsonPropertyName("recv_pkt")]
    public required long RecvPkt { get; init; }

    /// <summary>Messages received.</summary>
    [JsonPropertyName("recv_msg")]
    public required long RecvMsg { get; init; }

    /// <summary>Of QoS 0.</summary>
    [JsonPropertyName("recv_msg.qos0")]
    public required long RecvMsgQos0 { get; init; }

    /// <summary>Of QoS 1.</summary>
    [JsonPropertyName("recv_msg.qos1")]
    public required long RecvMsgQos1 { get; init; }

    /// <summary>Of QoS 2.</summary>
    [JsonPropertyName("recv_msg.qos2")]
    public required long RecvMsgQos2 { get; init; }

    /// <summary>Messages received and dropped.</summary>
    [JsonPropertyName("recv_msg.dropped")]
    public required long RecvMsgDropped { get; init; }

    /// <summary>Dropped since PUBREL did not come.</summary>
    [JsonPropertyName("recv_msg.dropped.await_pubrel_timeout")]
    public required long RecvMsgDroppedAwaitPubrelTimeout { get; init; }

    /// <summary>TCP packets sent.</summary>
    [JsonPropertyName("send_cnt")]
    public required long SendCnt { get; init; }

    /// <summary>Bytes sent.</summary>
    [JsonPropertyName("send_oct")]
    public required long SendOct { get; init; }

    /// <summary>MQTT packets sent.</summary>
    [JsonPropertyName("send_pkt")]
    public required long SendPkt { get; init; }

    /// <summary>Messages sent.</summary>
    [JsonPropertyName("send_msg")]
    public required long SendMsg { get; init; }

    /// <summary>Of QoS 0.</summary>
    [JsonPropertyName("send_msg.qos0")]
    public required long SendMsgQos0 { get; init; }

    /// <summary>Of QoS 1.</summary>
    [JsonPropertyName("send_msg.qos1")]
    public required long SendMsgQos1 { get; init; }

    /// <summary>Of QoS 2.</summary>
    [JsonPropertyName("send_msg.qos2")]
    public required long SendMsgQos2 { get; init; }

    /// <summary>Messages dropped on the way to it.</summary>
    [JsonPropertyName("send_msg.dropped")]
    public required long SendMsgDropped { get; init; }

    /// <summary>Dropped since they had expired.</summary>
    [JsonPropertyName("send_msg.dropped.expired")]
    public required long SendMsgDroppedExpired { get; init; }

    /// <summary>Dropped from the full queue.</summary>
    [JsonPropertyName("send_msg.dropped.queue_full")]
    public required long SendMsgDroppedQueueFull { get; init; }

    /// <summary>Dropped since it takes none so large.</summary>
    [JsonPropertyName("send_msg.dropped.too_large")]
    public required long SendMsgDroppedTooLarge { get; init; }

    /// <summary>Of EMQX's process; 0 here.</summary>
    [JsonPropertyName("mailbox_len")]
    public required int MailboxLen { get; init; }

    /// <summary>Of EMQX's process; without meaning here.</summary>
    [JsonPropertyName("heap_size")]
    public required int HeapSize { get; init; }

    /// <summary>Of EMQX's process; without meaning here.</summary>
    [JsonPropertyName("reductions")]
    public required int Reductions { get; init; }
}
