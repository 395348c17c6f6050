using System.Diagnostics;
using Emqx.Broker.Cluster;
using Emqx.Broker.Hooks;
using Emqx.Drivers.OpenTelemetry;

namespace Emqx.Broker.Modules.OpenTelemetry;

/// <summary>The ways of messages. While it is off, nothing hangs on the hooks.</summary>
internal sealed class TraceSignal(BrokerHooks hooks, Collectors collectors) : ISignal
{
    private const string Name = "emqx";

    private ActivitySource? _source;
    private TraceExport? _export;
    private MessageSpans? _spans;

    public object? PartOf(OpenTelemetrySettings settings) => settings.Traces.Enable ? settings.Traces : null;

    public ValueTask StartAsync(OpenTelemetrySettings settings, CancellationToken cancellation)
    {
        var traces = settings.Traces;
        _source = new(Name, NodeIdentity.Version);
        _export = new(collectors.Of(settings.Exporter, "traces", traces.ExportingTimeout), collectors.Self, _source,
            Collectors.QueueOf(traces.MaxQueueSize, traces.ScheduledDelay));
        _spans = new(hooks, _source, traces.TraceAll);
        return ValueTask.CompletedTask;
    }

    public void Dispose() => End(TimeSpan.Zero);

    public void End(TimeSpan patience)
    {
        _spans?.Dispose();
        _export?.End(patience);
        _export?.Dispose();
        _source?.Dispose();
        (_spans, _export, _source) = (null, null, null);
    }
}
