using Emqx.Broker.Listeners;
using Emqx.Broker.Mqtt;

namespace Emqx.Mgmt.Hosting;

/// <summary>Opens the MQTT listeners, and says goodbye on them.</summary>
internal sealed class BrokerService(ListenerControl listeners, IMqttListeners sockets) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => listeners.StartAllAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => sockets.ShutDownAsync(cancellationToken);
}
