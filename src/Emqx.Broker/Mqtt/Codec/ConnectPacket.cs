using Emqx.Broker.Protocol;

namespace Emqx.Broker.Mqtt.Codec;

/// <summary>A CONNECT as it came.</summary>
internal sealed class ConnectPacket
{
    public string ProtocolName = "";
    public byte Version;

    /// <summary>Bit 7 of the level: a bridge of mosquitto's kind.</summary>
    public bool IsBridge;
    public bool CleanStart;
    public ushort KeepAlive;
    public string ClientId = "";
    public string? Username;
    public byte[]? Password;
    public WillPacket? Will;

    public uint SessionExpiryInterval;
    public ushort? ReceiveMaximum;
    public ushort TopicAliasMaximum;
    public uint? MaximumPacketSize;
    public bool RequestResponseInformation;
    public bool RequestProblemInformation = true;
    public string? AuthenticationMethod;
    public List<KeyValuePair<string, string>> UserProperties = [];

    public bool IsV5 => Version == 5;
}

/// <summary>The will of a CONNECT.</summary>
internal sealed class WillPacket
{
    public string Topic = "";
    public byte[] Payload = [];
    public byte[] Properties = [];
    public byte Qos;
    public bool Retain;

    /// <summary>Seconds.</summary>
    public uint DelayInterval;

    /// <summary>Seconds; null for none.</summary>
    public uint? MessageExpiryInterval;

    /// <summary>The message that is published when the will's time has come.</summary>
    public Message ToMessage(string topic, ClientInfo from, long now, long defaultExpiry)
    {
        var expiry = MessageExpiryInterval is { } seconds ? seconds * 1000L : defaultExpiry;
        return new Message
        {
            Topic = topic, TopicUtf8 = System.Text.Encoding.UTF8.GetBytes(topic), Payload = Payload, Qos = Qos, Retain = Retain,
            Properties = Properties, From = from.ClientId, FromUsername = from.Username, FromPeerHost = from.PeerAddress.ToString(),
            PublishedAt = now, ExpiresAt = expiry < 0 ? 0 : now + expiry,
        };
    }
}
