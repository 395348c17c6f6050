using System.Text;

namespace Emqx.Mgmt.Api.Clients;

/// <summary>The fields of a client, in the order in which they are written.</summary>
internal enum ClientColumn
{
    ClientId, Username, Connected, ConnectedAt, CreatedAt, DisconnectedAt, DisconnProps, Node, IpAddress, Port, PeerSni, ProtoName, ProtoVer,
    KeepAlive, CleanStart, ExpiryInterval, IsPersistent, IsExpired, Durable, IsBridge, EnableAuthn, Listener, Mountpoint, ClientAttrs, AuthExpireAt,
    SubscriptionsCnt, SubscriptionsMax, InflightCnt, InflightMax, MqueueLen, MqueueMax, MqueueDropped, AwaitingRelCnt, AwaitingRelMax,
    RecvCnt, RecvOct, RecvPkt, RecvMsg, RecvMsgQos0, RecvMsgQos1, RecvMsgQos2, RecvMsgDropped, RecvMsgDroppedAwaitPubrelTimeout,
    SendCnt, SendOct, SendPkt, SendMsg, SendMsgQos0, SendMsgQos1, SendMsgQos2, SendMsgDropped, SendMsgDroppedExpired,
    SendMsgDroppedQueueFull, SendMsgDroppedTooLarge, MailboxLen, HeapSize, Reductions,
}

/// <summary>Which fields of a client are asked for, with their names as they stand in JSON.</summary>
internal sealed class ClientColumns
{
    private static readonly string[] Names =
    [
        "clientid", "username", "connected", "connected_at", "created_at", "disconnected_at", "disconn_props", "node", "ip_address", "port", "peersni",
        "proto_name", "proto_ver", "keepalive", "clean_start", "expiry_interval", "is_persistent", "is_expired", "durable", "is_bridge", "enable_authn",
        "listener", "mountpoint", "client_attrs", "auth_expire_at", "subscriptions_cnt", "subscriptions_max", "inflight_cnt", "inflight_max", "mqueue_len",
        "mqueue_max", "mqueue_dropped", "awaiting_rel_cnt", "awaiting_rel_max", "recv_cnt", "recv_oct", "recv_pkt", "recv_msg", "recv_msg.qos0",
        "recv_msg.qos1", "recv_msg.qos2", "recv_msg.dropped", "recv_msg.dropped.await_pubrel_timeout", "send_cnt", "send_oct", "send_pkt", "send_msg",
        "send_msg.qos0", "send_msg.qos1", "send_msg.qos2", "send_msg.dropped", "send_msg.dropped.expired", "send_msg.dropped.queue_full",
        "send_msg.dropped.too_large", "mailbox_len", "heap_size", "reductions",
    ];

    /// <summary>Fields of every client, but not offered by the parameter <c>fields</c>.</summary>
    private static readonly HashSet<string> NotSelectable =
        ["disconn_props", "peersni", "is_persistent", "enable_authn", "listener", "auth_expire_at"];

    /// <summary>Fields that only a durable session has: they may be asked for, and are nowhere.</summary>
    private static readonly HashSet<string> OfDurableSessions =
        ["n_streams", "seqno_q1_comm", "seqno_q1_dup", "seqno_q1_next", "seqno_q2_comm", "seqno_q2_dup", "seqno_q2_rec", "seqno_q2_next"];

    private static readonly Dictionary<string, ClientColumn> Selectable = Names
        .Select((name, index) => (Name: name, Column: (ClientColumn)index))
        .Where(one => !NotSelectable.Contains(one.Name))
        .ToDictionary(one => one.Name, one => one.Column, StringComparer.Ordinal);

    /// <summary>Every field.</summary>
    public static readonly ClientColumns All = new(Enum.GetValues<ClientColumn>());

    private ClientColumns(ClientColumn[] columns)
    {
        Columns = columns;
        Keys = Array.ConvertAll(columns, column => Encoding.UTF8.GetBytes($"\"{Names[(int)column]}\":"));
    }

    /// <summary>The columns asked for, in order.</summary>
    public ClientColumn[] Columns { get; }

    /// <summary>For each of <see cref="Columns"/> its name with quotes and colon.</summary>
    public byte[][] Keys { get; }

    /// <summary>The names that the parameter <c>fields</c> takes besides <c>all</c>.</summary>
    public static IEnumerable<string> SelectableNames => Selectable.Keys.Concat(OfDurableSessions);

    /// <summary>Reads names with commas between them, or <c>all</c>. Where a name is unknown: null, and which one.</summary>
    public static ClientColumns? Parse(string? text, out string? unknown)
    {
        unknown = null;
        if (text is null or "all")
            return All;
        var columns = new SortedSet<ClientColumn>();
        foreach (var name in text.Split(','))
        {
            var trimmed = name.Trim();
            if (Selectable.TryGetValue(trimmed, out var column))
                columns.Add(column);
            else if (!OfDurableSessions.Contains(trimmed))
            {
                unknown = trimmed;
                return null;
            }
        }

        return new ClientColumns([.. columns]);
    }
}
