namespace Emqx.Broker.Settings;

/// <summary>The root <c>api_key</c>.</summary>
/// <param name="BootstrapFile">"" for none; may hold ${EMQX_ETC_DIR}.</param>
internal sealed record ApiKeySettings(string BootstrapFile);

/// <summary>The root <c>broker</c>.</summary>
/// <param name="SessionHistoryRetain">Milliseconds.</param>
internal sealed record BrokerSettings(bool EnableSessionRegistry = true, long SessionHistoryRetain = 0);

/// <summary>The root <c>telemetry</c>: whether its data can be read.</summary>
internal sealed record TelemetrySettings(bool Enable = false);

/// <summary>The root <c>dashboard</c> as the HTTP side uses it.</summary>
/// <param name="Http">Without TLS.</param>
/// <param name="Https">With TLS.</param>
/// <param name="TokenExpiredTime">Milliseconds since the last use.</param>
/// <param name="StaticFolder">The folder served at <c>/</c>; "" for none.</param>
internal sealed record DashboardSettings(HttpListenerSettings Http, HttpListenerSettings Https, string DefaultUsername, string DefaultPassword,
    long TokenExpiredTime, bool Cors, bool SwaggerSupport, string StaticFolder);
