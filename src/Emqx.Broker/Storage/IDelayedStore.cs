namespace Emqx.Broker.Storage;

/// <summary>Keeps the messages that wait for their time. A completed task means that the change is on disk.</summary>
internal interface IDelayedStore
{
    /// <summary>Every message, in the order of their places.</summary>
    ValueTask<IReadOnlyList<StoredDelayedMessage>> LoadAsync(CancellationToken cancellation);

    /// <summary>Adds messages in one step; one of the same place is replaced.</summary>
    ValueTask SaveAsync(IReadOnlyCollection<StoredDelayedMessage> messages, CancellationToken cancellation);

    /// <summary>Removes the messages at these places in one step; places that nothing has do not matter.</summary>
    ValueTask DeleteAsync(IReadOnlyCollection<long> places, CancellationToken cancellation);

    /// <summary>Removes all messages.</summary>
    ValueTask ClearAsync(CancellationToken cancellation);
}

/// <summary>A message that waits, as it is kept.</summary>
/// <param name="Place">The key: grows from message to message.</param>
/// <param name="ExpectedAt">When it is published, Unix milliseconds.</param>
/// <param name="IntervalSeconds">How long it was told to wait.</param>
internal sealed record StoredDelayedMessage(long Place, long ExpectedAt, long IntervalSeconds)
{
    /// <summary>The upper half of the message's identity.</summary>
    public long IdHigh { get; init; }

    /// <summary>The lower half of the message's identity.</summary>
    public long IdLow { get; init; }

    /// <summary>The real topic.</summary>
    public required string Topic { get; init; }

    public required byte[] Payload { get; init; }
    public byte Qos { get; init; }
    public bool Retain { get; init; }

    /// <summary>MQTT 5 properties, encoded as on the wire.</summary>
    public byte[] Properties { get; init; } = [];

    public required string From { get; init; }
    public string? FromUsername { get; init; }
    public string? FromPeerHost { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public long PublishedAt { get; init; }

    /// <summary>Unix milliseconds; 0 for never.</summary>
    public long ExpiresAt { get; init; }

    public bool ExpiryIsDefault { get; init; }
}
