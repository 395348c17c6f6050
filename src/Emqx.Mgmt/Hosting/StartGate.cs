namespace Emqx.Mgmt.Hosting;

/// <summary>Holds requests that come while the node still starts: HTTP opens beside the broker, and answers when all of it runs.</summary>
internal sealed class StartGate : IHostedLifecycleService, IStartupFilter
{
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Stands before all other middleware.</summary>
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(then => context => _started.Task.IsCompletedSuccessfully ? then(context) : WaitAsync(context, then));
        next(app);
    };

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _started.SetResult();
        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task WaitAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await _started.Task.WaitAsync(context.RequestAborted);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return; // the peer has left; nothing stands before this that would say so
        }

        await next(context);
    }
}
