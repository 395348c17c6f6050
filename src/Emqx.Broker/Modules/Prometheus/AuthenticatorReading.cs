using Emqx.Broker.Access;

namespace Emqx.Broker.Modules.Prometheus;

/// <summary>An authenticator as the metrics tell of it.</summary>
/// <param name="Backend">How it stands with what it asks.</param>
/// <param name="Users">Of its own; null where it has none.</param>
internal sealed record AuthenticatorReading(string Id, bool IsEnabled, EntryMetricsReading Metrics, int? Users, BackendReading Backend);
