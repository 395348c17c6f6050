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
    private readonly NodeConfiguration _configuration;
    private readonly NodeModules _modules;
    private readonly ListenerControl _listeners;
    private readonly IMqttListeners _sockets;
    private readonly ILogger _logger;

    internal BrokerNode(IServiceProvider services)
    {
        _configuration = services.GetRequiredService<NodeConfiguration>();
        _modules = services.GetRequiredService<NodeModules>();
        _listeners = services.GetRequiredService<ListenerControl>();
        _sockets = services.GetRequiredService<IMqttListeners>();
        _logger = services.GetRequiredService<ILogger<BrokerNode>>();
    }

    /// <summary>Loads what storage has kept, and opens the listeners of the configuration.</summary>
    /// <exception cref="IOException">An address of a listener is in use or not to be had.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        foreach (var warning in _configuration.Warnings)
            NodeLog.ConfigurationWarning(_logger, warning);
        await _modules.StartAsync(cancellationToken).ConfigureAwait(false);
        await _listeners.StartAllAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Says goodbye to every client, closes the listeners, and ends what runs beside them.</summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        await _sockets.ShutDownAsync(cancellationToken).ConfigureAwait(false);
        await _modules.StopAsync().ConfigureAwait(false);
    }
}
