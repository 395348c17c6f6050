using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Modules.SysTopics;

/// <summary>Something that a client did, as it is published below $SYS.</summary>
/// <param name="What">connected, disconnected, subscribed or unsubscribed.</param>
/// <param name="At">Unix milliseconds.</param>
internal sealed record SysEvent(string What, long At, ClientInfo Client)
{
    private static readonly JsonWriterOptions s_relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Seconds, of connected.</summary>
    public uint Expiry { get; init; }

    /// <summary>Of disconnected.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Unix milliseconds, of disconnected.</summary>
    public long DisconnectedAt { get; init; }

    /// <summary>Of subscribed and unsubscribed.</summary>
    public string Filter { get; init; } = "";

    /// <summary>Of subscribed.</summary>
    public SubscriptionOptions Options { get; init; }

    /// <summary>Of subscribed: false where the filter was subscribed already.</summary>
    public bool IsNew { get; init; }

    /// <summary>The payload, with EMQX's keys.</summary>
    public ReadOnlyMemory<byte> ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>(384);
        using var json = new Utf8JsonWriter(buffer, s_relaxed);
        json.WriteStartObject();
        json.WriteString("username"u8, Client.Username ?? "undefined");
        json.WriteNumber("ts"u8, At);
        json.WriteString("protocol"u8, "mqtt"u8);
        json.WriteString("clientid"u8, Client.ClientId);
        if (Filter.Length == 0)
            WriteConnection(json);
        else
            json.WriteString("topic"u8, Filter);
        if (What == "subscribed")
            WriteOptions(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private void WriteConnection(Utf8JsonWriter json)
    {
        json.WriteNumber("sockport"u8, Client.SocketPort);
        json.WriteNumber("proto_ver"u8, Client.ProtocolVersion);
        json.WriteString("proto_name"u8, Client.ProtocolName);
        json.WriteString("ipaddress"u8, Client.PeerAddress.ToString());
        json.WriteNumber("connected_at"u8, Client.ConnectedAt);
        if (What == "connected")
        {
            json.WriteNumber("keepalive"u8, Client.KeepAlive);
            json.WriteNumber("expiry_interval"u8, Expiry * 1000L);
            json.WriteBoolean("clean_start"u8, Client.CleanStart);
        }
        else
        {
            json.WriteString("reason"u8, Reason);
            json.WriteNumber("disconnected_at"u8, DisconnectedAt);
        }
    }

    private void WriteOptions(Utf8JsonWriter json)
    {
        json.WriteStartObject("subopts"u8);
        json.WriteStartObject("sub_props"u8);
        if (Options.Identifier != 0)
            json.WriteNumber("Subscription-Identifier"u8, Options.Identifier);
        json.WriteEndObject();
        json.WriteNumber("rh"u8, Options.RetainHandling);
        json.WriteNumber("rap"u8, Options.RetainAsPublished ? 1 : 0);
        json.WriteNumber("qos"u8, Options.Qos);
        json.WriteNumber("nl"u8, Options.NoLocal ? 1 : 0);
        json.WriteBoolean("is_new"u8, IsNew);
        json.WriteEndObject();
    }
}
