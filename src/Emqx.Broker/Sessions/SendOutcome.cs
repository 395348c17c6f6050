namespace Emqx.Broker.Sessions;

/// <summary>What became of a PUBLISH that was to go out.</summary>
internal enum SendOutcome
{
    Sent,

    /// <summary>The peer is slow: its share of memory is used up.</summary>
    Full,
    TooLarge,
    Expired,
    Closed,
    Qos0NotStored,
}
