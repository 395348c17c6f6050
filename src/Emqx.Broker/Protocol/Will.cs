using System.Text;

namespace Emqx.Broker.Protocol;

/// <summary>What a client leaves to be published when its connection breaks (MQTT 5, 3.1.2.5).</summary>
internal sealed class Will
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
            Topic = topic, TopicUtf8 = Encoding.UTF8.GetBytes(topic), Payload = Payload, Qos = Qos, Retain = Retain,
            Properties = Properties, From = from.ClientId, FromUsername = from.Username, FromPeerHost = from.PeerAddress.ToString(),
            PublishedAt = now, ExpiresAt = expiry < 0 ? 0 : now + expiry,
        };
    }
}
