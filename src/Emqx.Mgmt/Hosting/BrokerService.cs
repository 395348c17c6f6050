using Emqx.Broker.Listeners;

namespace Emqx.Mgmt.Hosting;

/// <summary>Opens the MQTT listeners.</summary>
internal sealed class BrokerService(ListenerControl listeners) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => listeners.StartAllAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
