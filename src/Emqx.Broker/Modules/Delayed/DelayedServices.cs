using Emqx.Broker.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Emqx.Broker.Modules.Delayed;

/// <summary>Registers delayed publishing.</summary>
internal static class DelayedServices
{
    /// <summary>Adds <see cref="DelayedMessages"/>, which runs with the host; with default settings where none are registered.</summary>
    public static IServiceCollection AddDelayed(this IServiceCollection services)
    {
        services.TryAddSingleton(_ => new SettingsRoot<DelayedSettings>(new DelayedSettings()));
        services.AddSingleton<DelayedQueue>().AddSingleton<DelayedMessages>();
        return services.AddHostedService(provider => provider.GetRequiredService<DelayedMessages>());
    }
}
