using Emqx.Mgmt.Api.Json;
using Emqx.Mgmt.Api.OpenApi;

namespace Emqx.Mgmt.Api.Clients;

/// <summary>The fields of a client, each once: answers, the parameter <c>fields</c> and the API's description are all made from this table.</summary>
internal static class ClientFields
{
    /// <summary>All fields, in the order in which they are described and selected ones are written.</summary>
    public static readonly IReadOnlyList<ClientField> All =
    [
        Text("clientid", "Client id.", static (in client) => client.View.ClientId),
        TextOrNull("username", "User name, or null.", static (in client) => client.Info.Username),
        Boolean("connected", "Whether it is connected.", static (in client) => client.IsConnected),
        Moment("connected_at", "When it last connected.", static (in client) => client.Info.ConnectedAt),
        Moment("created_at", "When its session came to be.", static (in client) => client.View.CreatedAt),
        Moment("disconnected_at", "Since when it is away; only while it is.", static (in client) => client.View.DisconnectedAt) with { IsNullable = true, IsOfAbsent = true },
        Constant("disconn_props", "Properties of its DISCONNECT; only while it is away.", FieldForm.Texts, "{}", isNullable: true) with { IsOfAbsent = true, IsSelectable = false },
        Text("node", "The node that has it.", static (in client) => client.Node),
        Written("ip_address", "Its address.", FieldForm.Text, static (json, in client) => json.Address(client.Info.PeerAddress)),
        Int32("port", "Its port.", static (in client) => client.Info.PeerPort),
        TextOrNull("peersni", "Server name that it asked TLS for, or null.", static (in client) => client.Info.PeerSni) with { IsSelectable = false },
        Text("proto_name", "MQTT or MQIsdp.", static (in client) => client.Info.ProtocolName),
        Int32("proto_ver", "3, 4 or 5.", static (in client) => client.Info.ProtocolVersion),
        Int32("keepalive", "Seconds; 0 for none.", static (in client) => client.Info.KeepAlive),
        Boolean("clean_start", "Whether it asked for a new session.", static (in client) => client.Info.CleanStart),
        Int64("expiry_interval", "Seconds that the session outlives the connection.", static (in client) => client.View.ExpiryInterval),
        Boolean("is_persistent", "Whether it does so at all.", static (in client) => client.View.ExpiryInterval > 0) with { IsSelectable = false },
        Constant("is_expired", "Whether the session has expired.", FieldForm.Boolean, "false"),
        Constant("durable", "Whether the session is kept on disk.", FieldForm.Boolean, "false"),
        Boolean("is_bridge", "Whether it is a bridge.", static (in client) => client.Info.IsBridge),
        Boolean("enable_authn", "Whether its listener authenticates.", static (in client) => client.Info.EnableAuthn) with { IsSelectable = false },
        Text("listener", "Id of the listener.", static (in client) => client.Info.Listener) with { IsSelectable = false },
        TextOrNull("mountpoint", "Prefix of its topics, or null.", static (in client) => client.Info.Mountpoint),
        Written("client_attrs", "Its attributes.", FieldForm.Texts, static (json, in client) => WriteAttributes(json, client.Info.Attributes)),
        Moment("auth_expire_at", "When its credentials expire, or null.", static (in client) => client.Info.AuthExpireAt) with { IsNullable = true, IsSelectable = false },
        Int32("subscriptions_cnt", "Subscriptions.", static (in client) => client.View.SubscriptionCount),
        Limit("subscriptions_max", "Most subscriptions; a number or infinity.", static (in client) => client.View.SubscriptionMax),
        Int32("inflight_cnt", "Deliveries not yet acknowledged.", static (in client) => client.View.InflightCount),
        Int32("inflight_max", "Most of them at a time.", static (in client) => client.View.InflightMax),
        Int32("mqueue_len", "Queued messages.", static (in client) => client.View.MqueueLength),
        Limit("mqueue_max", "Most queued messages; a number or infinity.", static (in client) => client.View.MqueueMax),
        Int64("mqueue_dropped", "Messages that the full queue lost.", static (in client) => client.View.MqueueDropped),
        Int32("awaiting_rel_cnt", "QoS 2 messages that wait for PUBREL.", static (in client) => client.View.AwaitingRelCount),
        Limit("awaiting_rel_max", "Most of them; a number or infinity.", static (in client) => client.View.AwaitingRelMax),
        Int64("recv_cnt", "TCP packets received.", static (in client) => client.Counters.ReceivedPackets),
        Int64("recv_oct", "Bytes received.", static (in client) => client.Counters.ReceivedBytes),
        Int64("recv_pkt", "MQTT packets received.", static (in client) => client.Counters.ReceivedPackets),
        Int64("recv_msg", "Messages received.", static (in client) => client.Counters.ReceivedMessages),
        Int64("recv_msg.qos0", "Of QoS 0.", static (in client) => client.Counters.ReceivedQos0),
        Int64("recv_msg.qos1", "Of QoS 1.", static (in client) => client.Counters.ReceivedQos1),
        Int64("recv_msg.qos2", "Of QoS 2.", static (in client) => client.Counters.ReceivedQos2),
        Int64("recv_msg.dropped", "Messages received and dropped.", static (in client) => client.Counters.ReceivedDropped),
        Int64("recv_msg.dropped.await_pubrel_timeout", "Dropped since PUBREL did not come.", static (in client) => client.Counters.ReceivedDroppedAwaitPubrelTimeout),
        Int64("send_cnt", "TCP packets sent.", static (in client) => client.Counters.SentPackets),
        Int64("send_oct", "Bytes sent.", static (in client) => client.Counters.SentBytes),
        Int64("send_pkt", "MQTT packets sent.", static (in client) => client.Counters.SentPackets),
        Int64("send_msg", "Messages sent.", static (in client) => client.Counters.SentMessages),
        Int64("send_msg.qos0", "Of QoS 0.", static (in client) => client.Counters.SentQos0),
        Int64("send_msg.qos1", "Of QoS 1.", static (in client) => client.Counters.SentQos1),
        Int64("send_msg.qos2", "Of QoS 2.", static (in client) => client.Counters.SentQos2),
        Int64("send_msg.dropped", "Messages dropped on the way to it.", static (in client) => client.Counters.SentDropped),
        Int64("send_msg.dropped.expired", "Dropped since they had expired.", static (in client) => client.Counters.SentDroppedExpired),
        Int64("send_msg.dropped.queue_full", "Dropped from the full queue.", static (in client) => client.Counters.SentDroppedQueueFull),
        Int64("send_msg.dropped.too_large", "Dropped since it takes none so large.", static (in client) => client.Counters.SentDroppedTooLarge),
        Constant("mailbox_len", "Of EMQX's process; 0 here.", FieldForm.Int32, "0"),
        Constant("heap_size", "Of EMQX's process; without meaning here.", FieldForm.Int32, "2586"),
        Constant("reductions", "Of EMQX's process; without meaning here.", FieldForm.Int32, "3115"),
    ];

    private static ClientField Text(string name, string summary, ClientValue<string?> value) =>
        new(name, summary, FieldForm.Text, ClientValueKind.Text) { Text = value };

    private static ClientField TextOrNull(string name, string summary, ClientValue<string?> value) =>
        new(name, summary, FieldForm.Text, ClientValueKind.Text, IsNullable: true) { Text = value };

    private static ClientField Boolean(string name, string summary, ClientValue<bool> value) =>
        new(name, summary, FieldForm.Boolean, ClientValueKind.Boolean) { Boolean = value };

    private static ClientField Int32(string name, string summary, ClientValue<long> value) =>
        new(name, summary, FieldForm.Int32, ClientValueKind.Number) { Number = value };

    private static ClientField Int64(string name, string summary, ClientValue<long> value) =>
        new(name, summary, FieldForm.Int64, ClientValueKind.Number) { Number = value };

    private static ClientField Limit(string name, string summary, ClientValue<long> value) =>
        new(name, summary, FieldForm.NumberOrInfinity, ClientValueKind.Limit) { Number = value };

    private static ClientField Moment(string name, string summary, ClientValue<long> value) =>
        new(name, summary, FieldForm.Moment, ClientValueKind.Moment) { Number = value };

    private static ClientField Written(string name, string summary, FieldForm form, ClientValueWriter write) =>
        new(name, summary, form, ClientValueKind.Written) { Write = write };

    private static ClientField Constant(string name, string summary, FieldForm form, string json, bool isNullable = false) =>
        new(name, summary, form, ClientValueKind.Constant, isNullable) { Constant = json };

    private static void WriteAttributes(RowBuffer json, IReadOnlyDictionary<string, string> attributes)
    {
        json.Byte((byte)'{');
        if (attributes.Count > 0)
        {
            var first = true;
            foreach (var (name, value) in attributes)
            {
                if (!first)
                    json.Byte((byte)',');
                first = false;
                json.Text(name);
                json.Byte((byte)':');
                json.Text(value);
            }
        }

        json.Byte((byte)'}');
    }
}
