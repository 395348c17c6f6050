using Microsoft.Extensions.DependencyInjection;

namespace Emqx.Broker.Routing;

/// <summary>Registers routing.</summary>
internal static class RoutingServices
{
    /// <summary>Adds the <see cref="Router"/>.</summary>
    public static IServiceCollection AddRouting(this IServiceCollection services) => services.AddSingleton<Router>();
}
