using Emqx.Broker.Hooks;
using Emqx.Broker.Monitoring;
using Emqx.Broker.Node;
using Microsoft.Extensions.DependencyInjection;

namespace Emqx.Broker.Modules.Bans;

/// <summary>Registers the bans and the detection of flapping clients.</summary>
internal static class BansExtensions
{
    public static IServiceCollection AddBans(this IServiceCollection services)
    {
        services.AddSingleton<BanList>().AddSingleton<IHookUser, BanGuard>().AddSingleton<BanKick>().AddSingleton<FlappingDetector>();
        services.AddSingleton<IBanDirectory>(all => all.GetRequiredService<BanList>());
        services.AddSingleton<IBanControl>(all => all.GetRequiredService<BanList>());
        services.AddSingleton<ILoadAtStart>(all => all.GetRequiredService<BanList>());
        services.AddSingleton<IBeat>(all => all.GetRequiredService<BanList>())
            .AddSingleton<IBeat>(all => all.GetRequiredService<FlappingDetector>());
        services.AddHostedService(all => all.GetRequiredService<BanKick>());
        services.AddHostedService(all => all.GetRequiredService<FlappingDetector>());
        return services;
    }
}
