using System.Text;

namespace Emqx.Broker.Protocol;

/// <summary>One published application message as the broker routes it. Immutable once published.</summary>
internal sealed class Message
{
    /// <summary>The topic name without mountpoint changes still to come.</summary>
    public required string Topic { get; init; }

    /// <summary>The topic name's UTF-8 bytes; shared by all messages of a publisher to the same topic.</summary>
    public required byte[] TopicUtf8 { get; init; }

    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>0, 1 or 2, as published.</summary>
    public byte Qos { get; init; }

    public bool Retain { get; init; }

    /// <summary>
    /// MQTT 5 properties that travel with the message, encoded as on the wire: payload format indicator, content type,
    /// response topic, correlation data, user properties. Never topic alias, subscription identifier or expiry.
    /// </summary>
    public byte[] Properties { get; init; } = [];

    /// <summary>Client id of the publisher; <c>http_api</c>, <c>emqx_sys</c>, … for the node's own.</summary>
    public required string From { get; init; }

    /// <summary>User name of the publisher, or null.</summary>
    public string? FromUsername { get; init; }

    /// <summary>Address of the publisher as text, or null for the node's own messages.</summary>
    public string? FromPeerHost { get; init; }

    /// <summary>When it was published, Unix milliseconds.</summary>
    public required long PublishedAt { get; init; }

    /// <summary>When it expires, Unix milliseconds; 0 for never. From the Message Expiry Interval (MQTT 5, 3.3.2.3.3).</summary>
    public long ExpiresAt { get; init; }

    /// <summary>The expiry is the zone's default and not the publisher's: receivers are not told of it.</summary>
    public bool ExpiryIsDefault { get; init; }

    /// <summary>A message of the node itself (EMQX's flag <c>sys</c>): not counted, not traced.</summary>
    public bool IsSystem { get; init; }

    private int _holders;
    private MessageId _id;

    /// <summary>One more waits for it. True for the first one.</summary>
    public bool Hold() => Interlocked.Increment(ref _holders) == 1;

    /// <summary>One less waits for it. True where nobody does any more.</summary>
    public bool Release() => Interlocked.Decrement(ref _holders) == 0;

    /// <summary>The message's identity, made at first use: most messages are never asked for it.</summary>
    public MessageId Id
    {
        get
        {
            if (_id.IsEmpty)
                _id = MessageId.Next(PublishedAt);
            return _id;
        }
        init => _id = value;
    }

    /// <summary>Whether the message has an expiry that has passed at <paramref name="now"/> (Unix milliseconds).</summary>
    public bool IsExpired(long now) => ExpiresAt != 0 && now >= ExpiresAt;

    /// <summary>A message of the node itself or of the API.</summary>
    public static Message Create(string topic, ReadOnlyMemory<byte> payload, string from, long now, byte qos = 0, bool retain = false,
        byte[]? properties = null, long expiresAt = 0, bool isSystem = false) => new()
    {
        Topic = topic, TopicUtf8 = Encoding.UTF8.GetBytes(topic), Payload = payload, From = from, PublishedAt = now, Qos = qos,
        Retain = retain, Properties = properties ?? [], ExpiresAt = expiresAt, IsSystem = isSystem,
    };

    /// <summary>The same message, identity and all, under another topic.</summary>
    public Message WithTopic(string topic) => new()
    {
        Topic = topic, TopicUtf8 = Encoding.UTF8.GetBytes(topic), Payload = Payload, Qos = Qos, Retain = Retain, Properties = Properties,
        From = From, FromUsername = FromUsername, FromPeerHost = FromPeerHost, PublishedAt = PublishedAt, ExpiresAt = ExpiresAt,
        ExpiryIsDefault = ExpiryIsDefault, IsSystem = IsSystem, _id = Id,
    };
}
