using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;

namespace Emqx.Drivers.OpenTelemetry;

/// <summary>Sends lines of a log.</summary>
internal sealed class LogExport : IDisposable
{
    private readonly BatchLogRecordExportProcessor _processor;
    private readonly ILoggerFactory _factory;
    private readonly ConcurrentDictionary<string, ILogger> _bySource = new(StringComparer.Ordinal);

    public LogExport(Collector collector, ExportedNode node, ExportQueue queue)
    {
        var processor = new BatchLogRecordExportProcessor(
            new OtlpLogExporter(collector.ToOptions()), queue.Size, queue.Milliseconds, (int)collector.Patience.TotalMilliseconds, queue.Batch);
        _processor = processor;
        _factory = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddOpenTelemetry(options =>
        {
            options.IncludeFormattedMessage = true;
            options.SetResourceBuilder(node.ToResource()).AddProcessor(processor);
        }));
    }

    /// <summary>Takes a line, or drops it.</summary>
    /// <param name="source">The part of the program that it is of: one of a few.</param>
    public void Write(LogLevel level, string source, string message, Exception? exception)
    {
        try
        {
            _bySource.GetOrAdd(source, static (name, factory) => factory.CreateLogger(name), _factory)
                .Log(level, default, message, exception, static (text, _) => text);
        }
        catch (ObjectDisposedException)
        {
            // It has ended meanwhile.
        }
    }

    /// <summary>Sends what still waits, as far as it can in that time.</summary>
    public void End(TimeSpan patience) => _processor.Shutdown((int)patience.TotalMilliseconds);

    public void Dispose() => _factory.Dispose();
}
