namespace Emqx.Broker.Sessions;

/// <summary>How short the node is of memory for what waits for clients.</summary>
internal enum MemoryPressure
{
    None,

    /// <summary>Messages of QoS 0 are not queued.</summary>
    Raised,

    /// <summary>Queues above their share lose their oldest messages, too.</summary>
    High,
}
