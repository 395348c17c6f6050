using Emqx.Broker.Cluster;
using Emqx.Broker.Mqtt.Listening;
using Emqx.Broker.Settings.Layers;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Emqx.Mgmt.Hosting;

/// <summary>Tells on the console, whatever the level of the log, that the node runs and where: a port asked for as 0 is found here.</summary>
internal sealed class StartMessage(NodeConfiguration configuration, NodeIdentity node, IMqttListeners listeners, IServer server) : IHostedLifecycleService
{
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        foreach (var settings in configuration.Listeners)
            if (listeners.Find(settings.Id) is { } listener)
                await Console.Out.WriteLineAsync($"Listener {settings.Id} on {listener.Bound} started.");
        foreach (var address in server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
            await Console.Out.WriteLineAsync($"Listener http:dashboard on {address} started.");
        await Console.Out.WriteLineAsync($"{node.Name} is running: EMQX {NodeIdentity.Version} compatible, data in {node.DataFolder}");
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
