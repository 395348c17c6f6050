namespace Emqx.Broker.Modules.Prometheus;

/// <summary>The root <c>prometheus</c>.</summary>
/// <param name="EnableBasicAuth">Whether who reads the metrics needs credentials.</param>
/// <param name="PushGateway">Where they are sent, without being asked for.</param>
internal sealed record PrometheusSettings(bool EnableBasicAuth, PushGatewaySettings PushGateway);

/// <summary>The part <c>push_gateway</c>.</summary>
/// <param name="Method">put or post.</param>
/// <param name="Interval">Milliseconds.</param>
/// <param name="JobName">May hold ${name}, ${host} and ${cluster_name}.</param>
internal sealed record PushGatewaySettings(bool Enable, string Method, string Url, long Interval, IReadOnlyDictionary<string, string> Headers, string JobName);
