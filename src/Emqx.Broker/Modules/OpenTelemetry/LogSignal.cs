using Emqx.Drivers.OpenTelemetry;

namespace Emqx.Broker.Modules.OpenTelemetry;

/// <summary>Lines of the node's log.</summary>
internal sealed class LogSignal(LogTap tap, Collectors collectors) : ISignal
{
    private LogExport? _export;

    public object? PartOf(OpenTelemetrySettings settings) => settings.Logs.Enable ? settings.Logs : null;

    public ValueTask StartAsync(OpenTelemetrySettings settings, CancellationToken cancellation)
    {
        var logs = settings.Logs;
        _export = new(collectors.Of(settings.Exporter, "logs", logs.ExportingTimeout), collectors.Self, Collectors.QueueOf(logs.MaxQueueSize, logs.ScheduledDelay));
        tap.Open(logs.Level, _export.Write);
        return ValueTask.CompletedTask;
    }

    public void Dispose() => End(TimeSpan.Zero);

    public void End(TimeSpan patience)
    {
        tap.Close();
        _export?.End(patience);
        _export?.Dispose();
        _export = null;
    }
}
