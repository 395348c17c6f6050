using Emqx.Broker.Clients;
using Emqx.Broker.Protocol;
using Emqx.Mgmt.Api.Json;

namespace Emqx.Mgmt.Api.Clients;

/// <summary>Writes clients as JSON objects, straight from their rows.</summary>
internal static class ClientJsonWriter
{
    /// <summary>What a process of Erlang would tell; any number will do.</summary>
    public const int HeapSize = 2586, Reductions = 3115;

    /// <summary>Bytes that a row takes with all columns, about.</summary>
    public const int TypicalRow = 1280;

    /// <summary>Writes one client.</summary>
    public static void Write(RowBuffer json, in ClientRow row, ClientColumns columns)
    {
        if (ReferenceEquals(columns, ClientColumns.All))
            ClientRowWriter.Write(json, row);
        else
            WriteColumns(json, row, columns);
    }

    /// <summary>Writes the columns asked for, one by one.</summary>
    public static void WriteColumns(RowBuffer json, in ClientRow row, ClientColumns columns)
    {
        var view = row.View;
        var client = view.Client;
        var keys = columns.Keys;
        var list = columns.Columns;
        var isOnline = view.IsConnected;
        var separator = (byte)'{';
        for (var i = 0; i < list.Length; i++)
        {
            var column = list[i];
            if (isOnline && column is (ClientColumn.DisconnectedAt or ClientColumn.DisconnProps))
                continue;
            json.Byte(separator);
            separator = (byte)',';
            json.Raw(keys[i]);
            if (column < ClientColumn.SubscriptionsCnt)
                WriteIdentity(json, column, row.Node, view, client);
            else if (column < ClientColumn.RecvCnt)
                WriteSession(json, column, view);
            else
                WriteCounter(json, column, view);
        }

        if (separator == '{')
            json.Byte(separator);
        json.Byte((byte)'}');
    }

    private static void WriteIdentity(RowBuffer json, ClientColumn column, string node, IClientView view, ClientInfo client)
    {
        switch (column)
        {
            case ClientColumn.ClientId: json.Text(view.ClientId); break;
            case ClientColumn.Username: json.TextOrNull(client.Username); break;
            case ClientColumn.Connected: json.Bool(view.IsConnected); break;
            case ClientColumn.ConnectedAt: json.Time(client.ConnectedAt); break;
            case ClientColumn.CreatedAt: json.Time(view.CreatedAt); break;
            case ClientColumn.DisconnectedAt: json.Time(view.DisconnectedAt); break;
            case ClientColumn.DisconnProps: json.Raw("{}"u8); break;
            case ClientColumn.Node: json.Text(node); break;
            case ClientColumn.IpAddress: json.Address(client.PeerAddress); break;
            case ClientColumn.Port: json.Number(client.PeerPort); break;
            case ClientColumn.PeerSni: json.TextOrNull(client.PeerSni); break;
            case ClientColumn.ProtoName: json.Text(client.ProtocolName); break;
            case ClientColumn.ProtoVer: json.Number(client.ProtocolVersion); break;
            case ClientColumn.KeepAlive: json.Number(client.KeepAlive); break;
            case ClientColumn.CleanStart: json.Bool(client.CleanStart); break;
            case ClientColumn.ExpiryInterval: json.Number(view.ExpiryInterval); break;
            case ClientColumn.IsPersistent: json.Bool(view.ExpiryInterval > 0); break;
            case ClientColumn.IsExpired or ClientColumn.Durable: json.Bool(false); break;
            case ClientColumn.IsBridge: json.Bool(client.IsBridge); break;
            case ClientColumn.EnableAuthn: json.Bool(client.EnableAuthn); break;
            case ClientColumn.Listener: json.Text(client.Listener); break;
            case ClientColumn.Mountpoint: json.TextOrNull(client.Mountpoint); break;
            case ClientColumn.ClientAttrs: WriteAttributes(json, client.Attributes); break;
            default: json.Null(); break; // auth_expire_at
        }
    }

    private static void WriteSession(RowBuffer json, ClientColumn column, IClientView view)
    {
        switch (column)
        {
            case ClientColumn.SubscriptionsCnt: json.Number(view.SubscriptionCount); break;
            case ClientColumn.SubscriptionsMax: json.Limit(view.SubscriptionMax); break;
            case ClientColumn.InflightCnt: json.Number(view.InflightCount); break;
            case ClientColumn.InflightMax: json.Number(view.InflightMax); break;
            case ClientColumn.MqueueLen: json.Number(view.MqueueLength); break;
            case ClientColumn.MqueueMax: json.Limit(view.MqueueMax); break;
            case ClientColumn.MqueueDropped: json.Number(view.MqueueDropped); break;
            case ClientColumn.AwaitingRelCnt: json.Number(view.AwaitingRelCount); break;
            default: json.Limit(view.AwaitingRelMax); break;
        }
    }

    private static void WriteCounter(RowBuffer json, ClientColumn column, IClientView view)
    {
        var counters = view.Counters;
        json.Number(column switch
        {
            ClientColumn.RecvOct => counters.ReceivedBytes,
            ClientColumn.RecvCnt or ClientColumn.RecvPkt => counters.ReceivedPackets,
            ClientColumn.RecvMsg => counters.ReceivedMessages,
            ClientColumn.RecvMsgQos0 => counters.ReceivedQos0,
            ClientColumn.RecvMsgQos1 => counters.ReceivedQos1,
            ClientColumn.RecvMsgQos2 => counters.ReceivedQos2,
            ClientColumn.RecvMsgDropped => counters.ReceivedDropped,
            ClientColumn.RecvMsgDroppedAwaitPubrelTimeout => counters.ReceivedDroppedAwaitPubrelTimeout,
            ClientColumn.SendOct => counters.SentBytes,
            ClientColumn.SendCnt or ClientColumn.SendPkt => counters.SentPackets,
            ClientColumn.SendMsg => counters.SentMessages,
            ClientColumn.SendMsgQos0 => counters.SentQos0,
            ClientColumn.SendMsgQos1 => counters.SentQos1,
            ClientColumn.SendMsgQos2 => counters.SentQos2,
            ClientColumn.SendMsgDropped => counters.SentDropped,
            ClientColumn.SendMsgDroppedExpired => counters.SentDroppedExpired,
            ClientColumn.SendMsgDroppedQueueFull => counters.SentDroppedQueueFull,
            ClientColumn.SendMsgDroppedTooLarge => counters.SentDroppedTooLarge,
            ClientColumn.HeapSize => HeapSize,
            ClientColumn.Reductions => Reductions,
            _ => 0, // mailbox_len: this broker has no mailboxes
        });
    }

    public static void WriteAttributes(RowBuffer json, IReadOnlyDictionary<string, string> attributes)
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
