using Microsoft.Extensions.DependencyInjection;

namespace Emqx.Broker.Routing;

/// <summary>Registers routing.</summary>
internal static class RoutingServices
{
    /// <summary>Adds the <see cref="Router"/> and the directory of topics.</summary>
    public static IServiceCollection AddTopicRouting(this IServiceCollection services) => services
        .AddSingleton<Router>()
        .AddSingleton<ITopicDirectory, LocalTopicDirectory>();
}
