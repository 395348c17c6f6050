using Emqx.Broker.Settings;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Modules.OpenTelemetry;

/// <summary>The root <c>opentelemetry</c>: what is sent to a collector, each of the three by itself.</summary>
internal sealed record OpenTelemetrySettings(MetricsSettings Metrics, LogsSettings Logs, TracesSettings Traces, ExporterSettings Exporter);

/// <summary>The part <c>metrics</c>.</summary>
/// <param name="Interval">Milliseconds.</param>
internal sealed record MetricsSettings(bool Enable, long Interval);

/// <summary>The part <c>logs</c>.</summary>
/// <param name="Level">The lowest that is sent.</param>
/// <param name="MaxQueueSize">Most lines that wait.</param>
/// <param name="ExportingTimeout">Milliseconds that one sending may take.</param>
/// <param name="ScheduledDelay">Milliseconds that lines wait for more of them.</param>
internal sealed record LogsSettings(bool Enable, LogLevel Level, int MaxQueueSize, long ExportingTimeout, long ScheduledDelay);

/// <summary>The part <c>traces</c>.</summary>
/// <param name="MaxQueueSize">Most spans that wait.</param>
/// <param name="ExportingTimeout">Milliseconds that one sending may take.</param>
/// <param name="ScheduledDelay">Milliseconds that spans wait for more of them.</param>
/// <param name="TraceAll">Whether messages are traced that bring no trace along.</param>
internal sealed record TracesSettings(bool Enable, int MaxQueueSize, long ExportingTimeout, long ScheduledDelay, bool TraceAll);

/// <summary>The part <c>exporter</c>: where it all goes.</summary>
internal sealed record ExporterSettings(string Endpoint, IReadOnlyDictionary<string, string> Headers, ClientTlsSettings Tls);
