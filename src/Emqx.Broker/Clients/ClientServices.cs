using Emqx.Broker.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace Emqx.Broker.Clients;

/// <summary>Registers the directory of clients and what acts on them. Needs an <see cref="ISessionActions"/>.</summary>
internal static class ClientServices
{
    public static IServiceCollection AddClientDirectories(this IServiceCollection services) => services
        .AddSingleton<ClientTable>()
        .AddSingleton<LocalClientDirectory>()
        .AddSingleton<ISessionObserver>(static provider => provider.GetRequiredService<LocalClientDirectory>())
        .AddSingleton<IClientDirectory>(static provider => provider.GetRequiredService<LocalClientDirectory>())
        .AddSingleton<IClientControl, LocalClientControl>();
}
