using Emqx.Broker.Settings.Roots;
using Microsoft.Extensions.DependencyInjection;

namespace Emqx.Broker.Settings.Layers;

/// <summary>The typed roots that the server's parts read, one line each.</summary>
internal static class SettingsRoots
{
    /// <summary>Adds the running configuration and a <see cref="SettingsRoot{T}"/> for each record; they follow changes.</summary>
    public static IServiceCollection AddSettings(this IServiceCollection services, NodeConfiguration configuration)
    {
        var running = configuration.Running;
        return services
            .AddSingleton(configuration)
            .AddSingleton(configuration.Sources.Paths)
            .AddSingleton(running)
            .AddSingleton<ISettingsControl, StoredSettings>()
            .AddRoot(running, () => ZoneSchemas.Read(root => running[root]), "mqtt", "flapping_detect", "force_shutdown")
            .AddRoot(running, () => NodeSchemas.ReadSysTopics(running["sys_topics"]), "sys_topics")
            .AddRoot(running, () => NodeSchemas.ReadAlarm(running["alarm"]), "alarm")
            .AddRoot(running, () => NodeSchemas.ReadBroker(running["broker"]), "broker")
            .AddRoot(running, () => NodeSchemas.ReadApiKey(running["api_key"]), "api_key")
            .AddRoot(running, () => DashboardSchema.Read(running["dashboard"]), "dashboard")
            .AddRoot(running, () => LogSchema.Read(running["log"]), "log")
            .AddRoot(running, () => SysmonSchema.Read(running["sysmon"]), "sysmon")
            .AddRoot(running, () => MessageSchemas.ReadRetainer(running["retainer"]), "retainer")
            .AddRoot(running, () => MessageSchemas.ReadDelayed(running["delayed"]), "delayed")
            .AddRoot(running, () => LimiterSchema.Read(running["limiter"]), "limiter");
    }

    private static IServiceCollection AddRoot<T>(this IServiceCollection services, RunningConfiguration running, Func<T> read, params string[] roots)
        where T : class, IEquatable<T>
    {
        var settings = new SettingsRoot<T>(read());
        running.Follow(roots, () => settings.Replace(read()));
        return services.AddSingleton(settings);
    }
}
