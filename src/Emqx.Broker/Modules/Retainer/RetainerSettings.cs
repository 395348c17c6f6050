namespace Emqx.Broker.Modules.Retainer;

/// <summary>The root <c>retainer</c> as the broker uses it, with EMQX's defaults. Durations are milliseconds.</summary>
internal sealed record RetainerSettings
{
    /// <summary>Off: nothing is stored or found; what is stored waits.</summary>
    public bool Enable { get; init; } = true;

    /// <summary>Life of messages without an expiry of their own; 0: for ever.</summary>
    public long MsgExpiryInterval { get; init; }

    /// <summary>Life of all messages, whatever their own expiry says; -1: disabled.</summary>
    public long MsgExpiryIntervalOverride { get; init; } = -1;

    /// <summary>The override leaves messages alone that would never expire.</summary>
    public bool AllowNeverExpire { get; init; } = true;

    /// <summary>How often expired messages are cleared away; 0: only as they are met.</summary>
    public long MsgClearInterval { get; init; }

    /// <summary>Most expired messages that go at one clear interval; the others go at the next.</summary>
    public int MsgClearLimit { get; init; } = 50_000;

    /// <summary>Bytes; a larger payload is delivered but not stored. 0: no limit.</summary>
    public long MaxPayloadSize { get; init; } = 1 << 20;

    /// <summary>0: no limit. When full, only topics that have a message already get a new one.</summary>
    public int MaxRetainedMessages { get; init; }

    /// <summary>The empty message that clears a topic is not delivered to its subscribers.</summary>
    public bool StopPublishClearMsg { get; init; }

    /// <summary>Messages a second that a session gets of its subscriptions' retained ones; -1: as it takes them.</summary>
    public double DeliveryRate { get; init; } = 1000;

    /// <summary><c>storage_type</c> disc: messages outlive a restart, and a message of QoS 1 or 2 is on disk when it is acknowledged.</summary>
    public bool IsOnDisc { get; init; }
}
