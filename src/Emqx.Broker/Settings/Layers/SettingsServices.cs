using Emqx.Broker.Settings.Roots;
using Microsoft.Extensions.DependencyInjection;

namespace Emqx.Broker.Settings.Layers;

/// <summary>Registers the configuration and what follows it.</summary>
internal static class SettingsServices
{
    /// <summary>Adds the running configuration, its one writer, and a <see cref="SettingsRoot{T}"/> for each record; they follow changes.</summary>
    public static IServiceCollection AddSettings(this IServiceCollection services, NodeConfiguration configuration)
    {
        var running = configuration.Running;
        services.AddSingleton(configuration).AddSingleton(configuration.Sources.Paths).AddSingleton(running).AddSingleton<ISettingsControl, StoredSettings>();
        foreach (var root in running.Catalogue.Roots)
            root.AddTo(services, running);
        return services.AddFollowing(running, () => ZoneSchemas.Read(running), [.. running.Catalogue.Zone.Select(root => root.Name), ZoneSchemas.ConnCongestionRoot.Name, ZoneSchemas.ZonesRoot.Name]);
    }

    /// <summary>Adds a record that is read anew after each change of one of these roots.</summary>
    public static IServiceCollection AddFollowing<T>(this IServiceCollection services, RunningConfiguration running, Func<T> read, params string[] roots)
        where T : class
    {
        var settings = new SettingsRoot<T>(read());
        running.Follow(roots, () => settings.Replace(read()));
        return services.AddSingleton(settings);
    }
}
