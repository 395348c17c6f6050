using System.Security.Cryptography;
using Emqx.Broker.Hooks;
using Emqx.Broker.Settings;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Modules.OpenTelemetry;

/// <summary>
/// Exports metrics, logs and traces to a collector of OpenTelemetry, while the settings say so. Off, nothing hangs on the hooks and no
/// assembly of the package is loaded. A change of the settings takes effect beside the clients: nobody waits for a collector.
/// </summary>
internal sealed class OpenTelemetryModule(
    MetricsSignal metrics, LogSignal logs, TraceSignal traces, SettingsRoot<OpenTelemetrySettings> settings, ILogger<OpenTelemetryModule> logger) : INodeModule
{
    /// <summary>How long the end of each of them waits for a collector.</summary>
    private static readonly TimeSpan s_goodbye = TimeSpan.FromMilliseconds(500);

    private readonly (ISignal Signal, string Name)[] _signals = [(metrics, "metrics"), (logs, "logs"), (traces, "traces")];
    private readonly object?[] _running = new object?[3]; // what each of them was started with
    private readonly WorkQueue<OpenTelemetrySettings> _changes = new(capacity: 1);

    public void Attach(BrokerHooks hooks)
    {
        settings.Changed += (_, now) => _changes.Add(now);
        if (_signals.Any(one => one.Signal.PartOf(settings.Current) is not null))
            _changes.Add(settings.Current);
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            await _changes.RunAsync((_, stopping) => ApplyAsync(settings.Current, stopping), logger, cancellation).ConfigureAwait(false);
        }
        finally
        {
            for (var at = 0; at < _signals.Length; at++)
                End(at);
        }
    }

    public async ValueTask TickAsync(long now, CancellationToken cancellation)
    {
        foreach (var (signal, _) in _signals)
            await signal.TickAsync(cancellation).ConfigureAwait(false);
    }

    private async ValueTask ApplyAsync(OpenTelemetrySettings now, CancellationToken cancellation)
    {
        for (var at = 0; at < _signals.Length; at++)
        {
            var wanted = _signals[at].Signal.PartOf(now) is { } part ? (object)(part, now.Exporter) : null;
            if (Equals(wanted, _running[at]))
                continue;
            End(at);
            _running[at] = wanted;
            if (wanted is not null)
                await StartAsync(at, now, cancellation).ConfigureAwait(false);
        }
    }

    private async ValueTask StartAsync(int at, OpenTelemetrySettings now, CancellationToken cancellation)
    {
        var (signal, name) = _signals[at];
        try
        {
            await signal.StartAsync(now, cancellation).ConfigureAwait(false);
            OpenTelemetryLog.Started(logger, name);
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            signal.End(TimeSpan.Zero);
            OpenTelemetryLog.NotStarted(logger, name, error.Message);
        }
    }

    private void End(int at)
    {
        if (_running[at] is null)
            return;
        _running[at] = null;
        _signals[at].Signal.End(s_goodbye);
    }
}
