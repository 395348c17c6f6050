using System.Diagnostics.CodeAnalysis;
using Emqx.Broker.Access.Authn;
using Emqx.Broker.Access.Authn.Hashing;
using Emqx.Broker.Access.Authn.Users;
using Emqx.Broker.Access.Authz;
using Emqx.Broker.Access.Authz.BuiltIn;
using Emqx.Broker.Hooks;
using Emqx.Broker.Listeners;
using Emqx.Broker.Modules.Alarms;
using Emqx.Broker.Modules.AutoSubscribe;
using Emqx.Broker.Modules.Bans;
using Emqx.Broker.Modules.Delayed;
using Emqx.Broker.Modules.Memory;
using Emqx.Broker.Modules.OpenTelemetry;
using Emqx.Broker.Modules.Prometheus;
using Emqx.Broker.Modules.Retainer;
using Emqx.Broker.Modules.Rewrite;
using Emqx.Broker.Modules.SlowSubs;
using Emqx.Broker.Modules.SysTopics;
using Emqx.Broker.Modules.TopicMetrics;
using Emqx.Broker.Modules.Tracing;
using Emqx.Broker.Monitoring;
using Emqx.Broker.Storage.Backups;
using Microsoft.Extensions.DependencyInjection;

namespace Emqx.Broker.Node;

/// <summary>The table of contents of the node's modules, in the order in which they attach, load and tick.</summary>
internal static class ModuleList
{
    public static IServiceCollection AddModules(this IServiceCollection services) => services
        .AddModule<TableGauges>()
        .AddModule<Stats>()
        .AddModule<MonitorSampler>(typeof(IMonitorDirectory))
        .AddModule<AlarmList>(typeof(IAlarmDirectory), typeof(IAlarmControl)).AddSingleton<AlarmTopics>()
        .AddModule<SystemAlarms>()
        .AddModule<CongestionAlarms>()
        .AddModule<BanList>(typeof(IBanDirectory), typeof(IBanControl)).AddSingleton<IBackupTable, BanBackup>()
        .AddModule<BanGuard>()
        .AddModule<BanKick>()
        .AddModule<FlappingDetector>()
        .AddModule<SysTopicsPublisher>()
        .AddModule<SysEvents>()
        .AddModule<TopicRewrite>()
        .AddModule<TopicMeter>(typeof(ITopicMetricsDirectory), typeof(ITopicMetricsControl))
        .AddModule<SlowSubscriptions>(typeof(ISlowSubscriptionDirectory), typeof(ISlowSubscriptionControl))
        .AddModule<DelayedMessages>().AddDelayed()
        .AddModule<AutoSubscription>()
        .AddModule<RetainerModule>(typeof(IRetainedDirectory), typeof(IRetainedControl)).AddSingleton<IBackupTable, RetainedBackup>()
        .AddSingleton<RetainedStore>().AddSingleton<RetainedJournal>().AddSingleton<RetainedDelivery>()
        .AddModule<TraceList>(typeof(ITraceDirectory), typeof(ITraceControl)).AddTracing()
        .AddModule<ConnectionEnds>().AddSingleton<ProcessorUse>().AddSingleton<ClusterCount>().AddSingleton<AuthenticatorCount>().AddSingleton<IPrometheusDirectory, LocalPrometheus>()
        .AddModule<PushGateway>().AddSingleton<PushClient>()
        .AddModule<OpenTelemetryModule>().AddOpenTelemetry()
        .AddModule<LocalSubscriptions>()
        .AddModule<MemoryTrim>().AddSingleton<IHeap, RuntimeHeap>()
        .AddModule<MemoryGuard>()
        .AddModule<OverweightClients>()
        .AddModule<ListenerFollower>()
        .AddModule<AuthnUsers>().AddSingleton<BootstrapUsers>().AddSingleton<HashingThreads>().AddSingleton<IBackupTable, AuthnUserBackup>()
        .AddModule<AuthnChain>().AddSingleton(AuthenticatorCatalogue.All).AddAuthn()
        .AddModule<AuthzRuleDatabase>(typeof(IAuthzRuleDirectory), typeof(IAuthzRuleControl)).AddSingleton<IBackupTable, AuthzRuleBackup>()
        .AddModule<AuthzChain>().AddSingleton(AuthzSourceCatalogue.All).AddSingleton<IAuthzSourceDirectory, LocalAuthzSources>().AddSingleton<AuthzSourceList>();

    private static IServiceCollection AddDelayed(this IServiceCollection services) => services
        .AddSingleton<DelayedQueue>().AddSingleton<DelayedJournal>()
        .AddSingleton<IDelayedDirectory, LocalDelayedDirectory>().AddSingleton<IDelayedControl, LocalDelayedControl>().AddSingleton<IBackupTable, DelayedBackup>();

    private static IServiceCollection AddAuthn(this IServiceCollection services) => services
        .AddSingleton<IAuthenticatorDirectory, LocalAuthenticators>().AddSingleton<IAuthenticatorControl, AuthenticatorControl>()
        .AddSingleton<LocalAuthnUsers>().AddSingleton<IAuthnUserDirectory>(static all => all.GetRequiredService<LocalAuthnUsers>())
        .AddSingleton<IAuthnUserControl>(static all => all.GetRequiredService<LocalAuthnUsers>());

    /// <summary>Adds one instance of the module, which is also what the API reads or acts through.</summary>
    private static IServiceCollection AddModule<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TModule>(
        this IServiceCollection services, params Type[] seenAs)
        where TModule : class, INodeModule
    {
        services.AddSingleton<TModule>().AddSingleton<INodeModule>(static all => all.GetRequiredService<TModule>());
        foreach (var type in seenAs)
            services.AddSingleton(type, static all => all.GetRequiredService<TModule>());
        return services;
    }
}
