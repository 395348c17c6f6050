using Emqx.Broker.Clients;
using Emqx.Broker.Protocol;
using Emqx.Mgmt.Api.Json;

namespace Emqx.Mgmt.Api.Clients;

/// <summary>
/// Writes clients with all their fields. This is what exporters and dashboards read all day, hence spelled out: names are
/// literals that the compiler turns into moves. <see cref="ClientJsonWriter"/> writes the same field by field.
/// </summary>
internal static class ClientRowWriter
{
    /// <summary>More than all that is written into one reserved piece: literals, and numbers of at most 20 digits.</summary>
    private const int Room = 2048;

    public static void Write(RowBuffer json, in ClientRow row)
    {
        var view = row.View;
        WriteIdentity(json, row.Node, view, view.Client);
        WriteSession(json, view);
        WriteReceived(json, view);
        WriteSent(json, view);
    }

    private static void WriteIdentity(RowBuffer json, string node, IClientView view, ClientInfo client)
    {
        json.Raw("{\"clientid\":"u8);
        json.Text(view.ClientId);
        json.Raw(",\"username\":"u8);
        json.TextOrNull(client.Username);
        WriteTimes(json, view, client);
        json.Raw(",\"node\":"u8);
        json.Text(node);
        json.Raw(",\"ip_address\":"u8);
        json.Address(client.PeerAddress);
        json.Raw(",\"peersni\":"u8);
        json.TextOrNull(client.PeerSni);
        json.Raw(",\"proto_name\":"u8);
        json.Text(client.ProtocolName);
        WriteConnect(json, view, client);
        json.Raw(",\"listener\":"u8);
        json.Text(client.Listener);
        json.Raw(",\"mountpoint\":"u8);
        json.TextOrNull(client.Mountpoint);
        json.Raw(",\"client_attrs\":"u8);
        ClientJsonWriter.WriteAttributes(json, client.Attributes);
    }

    private static void WriteTimes(RowBuffer json, IClientView view, ClientInfo client)
    {
        var isConnected = view.IsConnected;
        var row = new RowSpan(json.Reserve(Room));
        row.Bool(",\"connected\":"u8, isConnected);
        row.Time(",\"connected_at\":"u8, json.Times, client.ConnectedAt);
        row.Time(",\"created_at\":"u8, json.Times, view.CreatedAt);
        if (!isConnected)
        {
            row.Time(",\"disconnected_at\":"u8, json.Times, view.DisconnectedAt);
            row.Raw(",\"disconn_props\":{}"u8);
        }

        row.Number(",\"port\":"u8, client.PeerPort);
        json.Commit(row.Length);
    }

    private static void WriteConnect(RowBuffer json, IClientView view, ClientInfo client)
    {
        var row = new RowSpan(json.Reserve(Room));
        row.Number(",\"proto_ver\":"u8, client.ProtocolVersion);
        row.Number(",\"keepalive\":"u8, client.KeepAlive);
        row.Bool(",\"clean_start\":"u8, client.CleanStart);
        row.Number(",\"expiry_interval\":"u8, view.ExpiryInterval);
        row.Bool(",\"is_persistent\":"u8, view.ExpiryInterval > 0);
        row.Bool(",\"is_expired\":false,\"durable\":false,\"is_bridge\":"u8, client.IsBridge);
        row.Bool(",\"enable_authn\":"u8, client.EnableAuthn);
        json.Commit(row.Length);
    }

    private static void WriteSession(RowBuffer json, IClientView view)
    {
        var row = new RowSpan(json.Reserve(Room));
        row.Number(",\"auth_expire_at\":null,\"subscriptions_cnt\":"u8, view.SubscriptionCount);
        row.Limit(",\"subscriptions_max\":"u8, view.SubscriptionMax);
        row.Number(",\"inflight_cnt\":"u8, view.InflightCount);
        row.Number(",\"inflight_max\":"u8, view.InflightMax);
        row.Number(",\"mqueue_len\":"u8, view.MqueueLength);
        row.Limit(",\"mqueue_max\":"u8, view.MqueueMax);
        row.Number(",\"mqueue_dropped\":"u8, view.MqueueDropped);
        row.Number(",\"awaiting_rel_cnt\":"u8, view.AwaitingRelCount);
        row.Limit(",\"awaiting_rel_max\":"u8, view.AwaitingRelMax);
        json.Commit(row.Length);
    }

    private static void WriteReceived(RowBuffer json, IClientView view)
    {
        var counters = view.Counters;
        var row = new RowSpan(json.Reserve(Room));
        row.Number(",\"recv_cnt\":"u8, counters.ReceivedPackets);
        row.Number(",\"recv_oct\":"u8, counters.ReceivedBytes);
        row.Number(",\"recv_pkt\":"u8, counters.ReceivedPackets);
        row.Number(",\"recv_msg\":"u8, counters.ReceivedMessages);
        row.Number(",\"recv_msg.qos0\":"u8, counters.ReceivedQos0);
        row.Number(",\"recv_msg.qos1\":"u8, counters.ReceivedQos1);
        row.Number(",\"recv_msg.qos2\":"u8, counters.ReceivedQos2);
        row.Number(",\"recv_msg.dropped\":"u8, counters.ReceivedDropped);
        row.Number(",\"recv_msg.dropped.await_pubrel_timeout\":"u8, counters.ReceivedDroppedAwaitPubrelTimeout);
        json.Commit(row.Length);
    }

    private static void WriteSent(RowBuffer json, IClientView view)
    {
        var counters = view.Counters;
        var row = new RowSpan(json.Reserve(Room));
        row.Number(",\"send_cnt\":"u8, counters.SentPackets);
        row.Number(",\"send_oct\":"u8, counters.SentBytes);
        row.Number(",\"send_pkt\":"u8, counters.SentPackets);
        row.Number(",\"send_msg\":"u8, counters.SentMessages);
        row.Number(",\"send_msg.qos0\":"u8, counters.SentQos0);
        row.Number(",\"send_msg.qos1\":"u8, counters.SentQos1);
        row.Number(",\"send_msg.qos2\":"u8, counters.SentQos2);
        row.Number(",\"send_msg.dropped\":"u8, counters.SentDropped);
        row.Number(",\"send_msg.dropped.expired\":"u8, counters.SentDroppedExpired);
        row.Number(",\"send_msg.dropped.queue_full\":"u8, counters.SentDroppedQueueFull);
        row.Number(",\"send_msg.dropped.too_large\":"u8, counters.SentDroppedTooLarge);
        row.Number(",\"mailbox_len\":0,\"heap_size\":"u8, ClientJsonWriter.HeapSize);
        row.Number(",\"reductions\":"u8, ClientJsonWriter.Reductions);
        row.Raw("}"u8);
        json.Commit(row.Length);
    }
}
