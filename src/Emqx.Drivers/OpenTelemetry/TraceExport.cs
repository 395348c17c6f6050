using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Trace;

namespace Emqx.Drivers.OpenTelemetry;

/// <summary>Sends the spans of a source as they end. A span whose parent elsewhere was not sampled is none here either.</summary>
internal sealed class TraceExport : IDisposable
{
    private readonly TracerProvider _provider;

    public TraceExport(Collector collector, ExportedNode node, ActivitySource source, ExportQueue queue) =>
        _provider = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(node.ToResource())
            .AddSource(source.Name)
            .SetSampler(new ParentBasedSampler(new AlwaysOnSampler()))
            .AddProcessor(new SpansOfSource(source, collector, queue))
            .Build();

    /// <summary>Sends what still waits, as far as it can in that time.</summary>
    public void End(TimeSpan patience) => _provider.Shutdown((int)patience.TotalMilliseconds);

    public void Dispose() => _provider.Dispose();

    /// <summary>Another node of the process has a source of the same name.</summary>
    private sealed class SpansOfSource(ActivitySource source, Collector collector, ExportQueue queue) : BatchActivityExportProcessor(
        new OtlpTraceExporter(collector.ToOptions()), queue.Size, queue.Milliseconds, (int)collector.Patience.TotalMilliseconds, queue.Batch)
    {
        public override void OnEnd(Activity data)
        {
            if (data.Source == source)
                base.OnEnd(data);
        }
    }
}
