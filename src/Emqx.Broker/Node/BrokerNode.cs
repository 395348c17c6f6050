using Emqx.Broker.Listeners;
using Emqx.Broker.Mqtt.Listening;
using Emqx.Broker.Settings.Layers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Node;

/// <summary>A whole node as one thing: started, listening, stopped.</summary>
public sealed class BrokerNode : IHostedService
{
    private readonly IServiceProvider _services;

    internal BrokerNode(IServiceProvider services) => _services = services;

    /// <summary>Loads what storage has kept, and opens the listeners of the configuration.</summary>
    /// <exception cref="IOException">An address of a listener is in use or not to be had.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        var logger = Get<ILogger<BrokerNode>>();
        foreach (var warning in Get<NodeConfiguration>().Warnings)
            NodeLog.ConfigurationWarning(logger, warning);
        await Get<NodeModules>().StartAsync(cancellationToken).ConfigureAwait(false);
        await Get<ListenerControl>().StartAllAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Says goodbye to every client, closes the listeners, and ends what runs beside them.</summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        await Get<IMqttListeners>().ShutDownAsync(cancellationToken).ConfigureAwait(false);
        await Get<NodeModules>().StopAsync().ConfigureAwait(false);
    }

    private T Get<T>() where T : notnull => _services.GetRequiredService<T>();
}
