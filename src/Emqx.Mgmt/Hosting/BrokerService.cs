using Emqx.Broker.Mqtt;
using Emqx.Broker.Settings.Layers;

namespace Emqx.Mgmt.Hosting;

/// <summary>Opens the MQTT listeners.</summary>
internal sealed class BrokerService(IMqttListeners listeners, NodeConfiguration configuration) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(configuration.Listeners.Where(static one => one.Enable).Select(one => listeners.StartAsync(one, cancellationToken)));

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
