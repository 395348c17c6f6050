using Emqx.Broker.Modules.Prometheus;
using Emqx.Drivers.OpenTelemetry;

namespace Emqx.Broker.Modules.OpenTelemetry;

/// <summary>The node's metrics: read every second while they are exported, and sent every interval.</summary>
internal sealed class MetricsSignal(IPrometheusDirectory directory, Collectors collectors) : ISignal
{
    private const long Patience = 10_000; // milliseconds: EMQX has no setting for it
    private const long ShortestInterval = 100;

    private NodeMeter? _meter;
    private MetricsExport? _export;

    public object? PartOf(OpenTelemetrySettings settings) => settings.Metrics.Enable ? settings.Metrics : null;

    public async ValueTask StartAsync(OpenTelemetrySettings settings, CancellationToken cancellation)
    {
        var meter = new NodeMeter(await ReadAsync(cancellation).ConfigureAwait(false));
        Volatile.Write(ref _meter, meter);
        var interval = TimeSpan.FromMilliseconds(Math.Max(ShortestInterval, settings.Metrics.Interval));
        _export = new(collectors.Of(settings.Exporter, "metrics", Patience), collectors.Self, meter.Instruments, interval);
    }

    /// <summary>Has the instruments show what is now.</summary>
    public async ValueTask TickAsync(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _meter) is { } meter)
            meter.Show(await ReadAsync(cancellation).ConfigureAwait(false));
    }

    public void Dispose() => End(TimeSpan.Zero);

    public void End(TimeSpan patience)
    {
        _export?.End(patience);
        _export?.Dispose();
        _meter?.Dispose();
        _export = null;
        Volatile.Write(ref _meter, null);
    }

    private async ValueTask<PrometheusSnapshot> ReadAsync(CancellationToken cancellation) =>
        (await directory.ListAsync(PrometheusMode.Node, cancellation).ConfigureAwait(false))[0].Value;
}
