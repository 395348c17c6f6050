namespace Emqx.Broker.Access;

/// <summary>How it stands with the system that an authenticator or a source asks.</summary>
/// <param name="Requests">What it was asked (total), and how often it has answered (positive) or not (negative); null where there is no other system.</param>
internal readonly record struct BackendReading(ResourceStatus Status, EntryMetricsReading? Requests)
{
    private static readonly BackendReading s_none = new(ResourceStatus.Connected, null);

    /// <summary>As it is known.</summary>
    public static BackendReading Of(object? instance) => instance is IAccessBackend backend ? new(backend.Status, backend.ResourceMetrics.Read()) : s_none;

    /// <summary>As it is now: the other system may be asked.</summary>
    public static async ValueTask<BackendReading> CheckAsync(object? instance, CancellationToken cancellation) => instance is IAccessBackend backend
        ? new(await backend.CheckAsync(cancellation).ConfigureAwait(false), backend.ResourceMetrics.Read())
        : s_none;
}
