using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Monitoring;

/// <summary>The one slow clock of the node: every second each <see cref="IBeat"/> has its turn.</summary>
internal sealed class Heartbeat(IEnumerable<IBeat> beats, TimeProvider time, ILogger<Heartbeat> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private readonly IBeat[] _beats = [.. beats];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
                await BeatAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    private async Task BeatAsync(CancellationToken cancellation)
    {
        foreach (var beat in _beats)
        {
            try
            {
                await beat.BeatAsync(time.GetUtcNow().ToUnixTimeMilliseconds(), cancellation).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // One that fails must not stop the others; it has its turn again in a second.
            catch (Exception error) when (error is not OperationCanceledException)
            {
                MonitoringLog.BeatFailed(logger, beat.GetType().Name, error);
            }
#pragma warning restore CA1031
        }
    }
}
