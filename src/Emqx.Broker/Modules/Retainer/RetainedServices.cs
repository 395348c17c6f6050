using Emqx.Broker.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Emqx.Broker.Modules.Retainer;

/// <summary>Registers the store of retained messages.</summary>
internal static class RetainedServices
{
    /// <summary>Adds the <see cref="RetainedStore"/>, with default settings where none are registered.</summary>
    public static IServiceCollection AddRetained(this IServiceCollection services)
    {
        services.TryAddSingleton(_ => new SettingsRoot<RetainerSettings>(new RetainerSettings()));
        return services.AddSingleton<RetainedStore>();
    }
}
