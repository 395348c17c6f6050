using Emqx.Broker.Cluster;
using Emqx.Broker.Hooks;
using Emqx.Broker.Modules.Alarms;
using Emqx.Broker.Modules.SysTopics;
using Emqx.Broker.Node;
using Emqx.Broker.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Emqx.Broker.Monitoring;

/// <summary>Registers what watches over the node: statistics, samples, alarms, $SYS topics.</summary>
internal static class MonitoringExtensions
{
    public static IServiceCollection AddMonitoring(this IServiceCollection services)
    {
        services.TryAddSingleton(new SettingsRoot<AlarmSettings>(new AlarmSettings()));
        services.TryAddSingleton(new SettingsRoot<SysmonSettings>(new SysmonSettings()));
        services.TryAddSingleton(new SettingsRoot<SysTopicsSettings>(new SysTopicsSettings()));
        services.AddSingleton(new HostPaths("/proc")).AddSingleton<HostFacts>().AddSingleton<Stats>().AddSingleton<LocalNode>();
        services.AddSingleton<IGaugeSource, TableGauges>();
        services.AddSingleton<IClusterControl, LoneNode>();
        services.AddSingleton<INodeDirectory>(all => all.GetRequiredService<LocalNode>());
        services.AddSingleton<IStatsDirectory>(all => all.GetRequiredService<LocalNode>());
        services.AddSingleton<IMetricsDirectory>(all => all.GetRequiredService<LocalNode>());

        services.AddSingleton<MonitorSampler>().AddSingleton<IMonitorDirectory>(all => all.GetRequiredService<MonitorSampler>());
        services.AddSingleton<AlarmList>();
        services.AddSingleton<IAlarmDirectory>(all => all.GetRequiredService<AlarmList>());
        services.AddSingleton<IAlarmControl>(all => all.GetRequiredService<AlarmList>());
        services.AddSingleton<AlarmTopics>().AddSingleton<SystemAlarms>();
        services.AddSingleton<SysTopicsPublisher>().AddSingleton<SysEvents>().AddSingleton<IHookUser, SysAccess>();

        services.AddSingleton<IBeat>(all => all.GetRequiredService<Stats>()).AddSingleton<IBeat>(all => all.GetRequiredService<MonitorSampler>())
            .AddSingleton<IBeat>(all => all.GetRequiredService<AlarmList>()).AddSingleton<IBeat>(all => all.GetRequiredService<SystemAlarms>())
            .AddSingleton<IBeat>(all => all.GetRequiredService<SysTopicsPublisher>());
        services.AddSingleton<ILoadAtStart>(all => all.GetRequiredService<MonitorSampler>())
            .AddSingleton<ILoadAtStart>(all => all.GetRequiredService<AlarmList>());
        services.AddHostedService<NodeStart>().AddHostedService<Heartbeat>();
        services.AddHostedService(all => all.GetRequiredService<SysEvents>());
        return services;
    }
}
