using Emqx.Broker.Hooks;
using Emqx.Broker.Monitoring;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Node;

/// <summary>Leads the modules of the node through their life, and is its one slow clock: every second each of them has its turn.</summary>
internal sealed class NodeModules(IEnumerable<INodeModule> modules, Stats stats, BrokerHooks hooks, TimeProvider time, ILogger<NodeModules> logger) : IAsyncDisposable
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);
    private readonly INodeModule[] _modules = [.. modules];
    private readonly CancellationTokenSource _stopping = new();
    private int _stopped;
    private Task _running = Task.CompletedTask;

    /// <summary>Attaches, loads and runs all of them: before any listener opens.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        stats.Sources = _modules;
        foreach (var module in _modules)
            module.Attach(hooks);
        foreach (var module in _modules)
            await module.LoadAsync(cancellation).ConfigureAwait(false);
        _running = Task.WhenAll([TickAsync(_stopping.Token), .. _modules.Select(module => RunAsync(module, _stopping.Token))]);
    }

    /// <summary>Has each of them forget what it has gathered.</summary>
    public async ValueTask ResetAsync(CancellationToken cancellation)
    {
        foreach (var module in _modules)
            await module.ResetAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Ends what runs, and waits for its end.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 0)
            await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task RunAsync(INodeModule module, CancellationToken cancellation)
    {
        try
        {
            await module.RunAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            NodeLog.ModuleFailed(logger, module.GetType().Name, error);
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    private async Task TickAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(s_period, time);
        // Disposed of and not cancelled: for a cancelled wait the runtime makes a stack trace with source lines, and loads what reads them.
        await using var end = cancellation.UnsafeRegister(static timer => ((PeriodicTimer)timer!).Dispose(), timer).ConfigureAwait(false);
        try
        {
            while (await timer.WaitForNextTickAsync(CancellationToken.None).ConfigureAwait(false))
            {
                foreach (var module in _modules)
                    await TickAsync(module, cancellation).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    private async ValueTask TickAsync(INodeModule module, CancellationToken cancellation)
    {
        try
        {
            await module.TickAsync(time.GetUtcNow().ToUnixTimeMilliseconds(), cancellation).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // One that fails must not stop the others; it has its turn again in a second.
            NodeLog.TickFailed(logger, module.GetType().Name, error);
        }
    }
}
