using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace Emqx.Drivers.OpenTelemetry;

/// <summary>Sends what the instruments of a meter say, every interval, on a thread of its own. Each instrument has one number.</summary>
internal sealed class MetricsExport : IDisposable
{
    // Else the package sets 2000 places aside for each instrument: 40 MB for a node's.
    private static readonly MetricStreamConfiguration s_oneNumber = new() { CardinalityLimit = 1 };

    private readonly MeterProvider _provider;

    public MetricsExport(Collector collector, ExportedNode node, Meter meter, TimeSpan interval)
    {
        var milliseconds = (int)Math.Min(interval.TotalMilliseconds, int.MaxValue);
        _provider = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(node.ToResource())
            .AddMeter(meter.Name)
            .AddView(instrument => instrument.Meter == meter ? s_oneNumber : MetricStreamConfiguration.Drop) // another node of the process has one of that name
            .AddReader(new PeriodicExportingMetricReader(new OtlpMetricExporter(collector.ToOptions()), milliseconds, (int)collector.Patience.TotalMilliseconds))
            .Build();
    }

    /// <summary>Sends once more what it can in that time.</summary>
    public void End(TimeSpan patience) => _provider.Shutdown((int)patience.TotalMilliseconds);

    public void Dispose() => _provider.Dispose();
}
