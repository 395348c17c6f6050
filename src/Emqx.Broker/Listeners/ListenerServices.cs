using Emqx.Broker.Metrics;
using Emqx.Broker.Settings.Layers;
using Microsoft.Extensions.DependencyInjection;

namespace Emqx.Broker.Listeners;

/// <summary>Registers the configured listeners. Their sockets (IMqttListeners) and the configuration come from elsewhere.</summary>
internal static class ListenerServices
{
    public static IServiceCollection AddListeners(this IServiceCollection services)
    {
        services.AddSingleton(all => all.GetRequiredService<NodeConfiguration>().Sources);
        services.AddSingleton<CertificateFiles>().AddSingleton<ListenerTable>().AddSingleton<ListenerControl>();
        services.AddSingleton<IListenerControl>(all => all.GetRequiredService<ListenerControl>());
        services.AddSingleton<IListenerDirectory, ListenerDirectory>().AddSingleton<ICertificateDirectory, CertificateDirectory>();
        return services;
    }
}
