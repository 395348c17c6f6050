using Emqx.Broker.Hooks;
using Microsoft.Extensions.Hosting;

namespace Emqx.Broker.Node;

/// <summary>What must be there before anything is served: kept state is loaded, hooks are in place.</summary>
internal sealed class NodeStart(IEnumerable<ILoadAtStart> parts, IEnumerable<IHookUser> hookUsers) : IHostedLifecycleService
{
    private readonly IHookUser[] _hookUsers = [.. hookUsers];

    /// <summary>How many parts work by hooks.</summary>
    public int HookUsers => _hookUsers.Length;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (var part in parts)
            await part.LoadAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
