namespace Emqx.Broker.Access;

/// <summary>How it stands with a system that an authenticator or a source asks; EMQX's words.</summary>
internal enum ResourceStatus
{
    /// <summary>It was not asked yet.</summary>
    Connecting,
    Connected,
    Disconnected,
}
