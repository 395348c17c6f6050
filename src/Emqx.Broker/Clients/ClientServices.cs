using Emqx.Broker.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace Emqx.Broker.Clients;

/// <summary>Registers the directories of clients and of subscriptions, and what acts on clients. Needs an <see cref="ISessionActions"/>.</summary>
internal static class ClientServices
{
    public static IServiceCollection AddClientDirectories(this IServiceCollection services) => services
        .AddSingleton<ClientTable>()
        .AddSingleton<LocalClientDirectory>()
        .AddSingleton<ISessionObserver>(static provider => provider.GetRequiredService<LocalClientDirectory>())
        .AddSingleton<IClientDirectory>(static provider => provider.GetRequiredService<LocalClientDirectory>())
        .AddSingleton<ISubscriptionDirectory, LocalSubscriptionDirectory>()
        .AddSingleton<IClientControl, LocalClientControl>();
}
