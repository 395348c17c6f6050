using Emqx.Broker.Metrics;
using Emqx.Broker.Protocol;
using Emqx.Broker.Settings;

namespace Emqx.Broker.Messages;

/// <summary>How a message of the management API ended.</summary>
internal enum PublishStatus
{
    Delivered,
    NoSubscribers,
    TopicInvalid,
    TooLarge,

    /// <summary>There were subscribers, and none could be given the message.</summary>
    FailedToDispatch,
}

/// <summary>Publishes messages that came by the management API: those of <c>http_api</c>, which nobody authorizes.</summary>
internal sealed class ApiPublisher(IMessagePublisher publisher, Counters counters, SettingsRoot<ZoneSettings> zone, TimeProvider time)
{
    /// <summary>The publisher's name.</summary>
    public const string From = "http_api";

    /// <summary>A message of now. <paramref name="expiryInterval"/> is seconds, null for never.</summary>
    public Message Create(string topic, ReadOnlyMemory<byte> payload, byte qos, bool retain, byte[] properties, uint? expiryInterval)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return Message.Create(topic, payload, From, now, qos, retain, properties, expiryInterval is { } seconds ? now + seconds * 1000L : 0);
    }

    /// <summary>What keeps the message from being published, or null.</summary>
    public PublishStatus? Check(Message message)
    {
        if (!TopicName.IsValid(message.Topic))
            return PublishStatus.TopicInvalid;
        return PacketSize(message) > zone.Current.Mqtt.MaxPacketSize ? PublishStatus.TooLarge : null;
    }

    /// <summary>Publishes a checked message, and counts it as one received.</summary>
    public async ValueTask<PublishStatus> PublishAsync(Message message)
    {
        counters.Increment(Metric.MessagesReceived);
        counters.Increment(message.Qos switch { 0 => Metric.MessagesQos0Received, 1 => Metric.MessagesQos1Received, _ => Metric.MessagesQos2Received });
        return await publisher.PublishAsync(message).ConfigureAwait(false) switch { > 0 => PublishStatus.Delivered, 0 => PublishStatus.NoSubscribers, _ => PublishStatus.FailedToDispatch };
    }

    /// <summary>Bytes of the PUBLISH packet that the message would make.</summary>
    private static long PacketSize(Message message)
    {
        const int header = 1 + 4 + 2 + 2 + 1; // type, length, topic length, packet id, property length: at most, but for large properties
        return (long)header + message.TopicUtf8.Length + message.Properties.Length + message.Payload.Length;
    }
}
