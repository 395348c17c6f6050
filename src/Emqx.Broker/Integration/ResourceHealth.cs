namespace Emqx.Broker.Integration;

/// <summary>How something stands with the other system, and why it does not stand well.</summary>
/// <param name="Reason">For people; null where all is well.</param>
internal readonly record struct ResourceHealth(ResourceStatus Status, string? Reason = null)
{
    public static readonly ResourceHealth Connected = new(ResourceStatus.Connected);

    public static ResourceHealth Disconnected(string reason) => new(ResourceStatus.Disconnected, reason);
}
