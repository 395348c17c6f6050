namespace Emqx.Broker.Node;

/// <summary>A message as it goes into and comes out of a <see cref="BrokerNode"/> in process.</summary>
/// <param name="Topic">A topic name: not empty, without wildcards, at most 65,535 bytes in UTF-8.</param>
/// <param name="Payload">Any bytes; those of a received message are shared with others and must not be changed.</param>
public sealed record BrokerMessage(string Topic, ReadOnlyMemory<byte> Payload)
{
    /// <summary>0, 1 or 2 (MQTT 5, 4.3).</summary>
    public byte Qos { get; init; }

    /// <summary>To be kept for later subscribers; of a received one: it was kept (MQTT 5, 3.3.1.3).</summary>
    public bool Retain { get; init; }

    /// <summary>The client id of whoever has published it.</summary>
    public string From { get; init; } = "in_process";
}
