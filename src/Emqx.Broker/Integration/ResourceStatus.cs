namespace Emqx.Broker.Integration;

/// <summary>How a connector, action or source stands with the other system; EMQX's words.</summary>
internal enum ResourceStatus
{
    Connected,
    Connecting,
    Disconnected,

    /// <summary>It is not to run.</summary>
    Stopped,
}
