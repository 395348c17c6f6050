using Emqx.Broker.Listeners;
using Emqx.Broker.Mqtt.Listening;
using Emqx.Broker.Settings.Layers;

namespace Emqx.Mgmt.Hosting;

/// <summary>Opens the MQTT listeners, and says goodbye on them.</summary>
internal sealed class BrokerService(ListenerControl listeners, IMqttListeners sockets, NodeConfiguration configuration, ILogger<BrokerService> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var warning in configuration.Warnings)
            HostingLog.Configuration(logger, warning);
        return listeners.StartAllAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => sockets.ShutDownAsync(cancellationToken);
}
