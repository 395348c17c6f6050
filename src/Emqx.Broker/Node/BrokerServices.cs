using Emqx.Broker.Access;
using Emqx.Broker.Clients;
using Emqx.Broker.Cluster;
using Emqx.Broker.Hooks;
using Emqx.Broker.Listeners;
using Emqx.Broker.Messages;
using Emqx.Broker.Metrics;
using Emqx.Broker.Monitoring;
using Emqx.Broker.Mqtt;
using Emqx.Broker.Mqtt.Listening;
using Emqx.Broker.Mqtt.Transport;
using Emqx.Broker.Routing;
using Emqx.Broker.Sessions;
using Emqx.Broker.Settings;
using Emqx.Broker.Settings.Layers;
using Emqx.Broker.Storage.InMemory;
using Emqx.Broker.Timing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Node;

/// <summary>Registers the node, whoever hosts it.</summary>
internal static class BrokerServices
{
    /// <summary>
    /// Adds a whole node and the <see cref="BrokerNode"/> that a host starts and stops. Stores are in memory; what is registered
    /// afterwards takes the place of what is here. Logging and, where it is not the system's, the <see cref="TimeProvider"/> are the caller's.
    /// </summary>
    public static IServiceCollection AddBrokerNode(this IServiceCollection services, NodeConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSettings(configuration).AddInMemoryStorage();
        services.AddSingleton(all => new NodeIdentity(configuration.NodeName, all.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds(),
            configuration.DataFolder));
        services.AddCore().AddSessions().AddMqtt().AddClientDirectories().AddCluster().AddListeners().AddModules();
        services.AddSingleton<NodeModules>().AddSingleton(static all => new BrokerNode(all));
        return services.AddHostedService(static all => all.GetRequiredService<BrokerNode>());
    }

    private static IServiceCollection AddCore(this IServiceCollection services) => services
        .AddSingleton<TimerWheel>().AddSingleton<BrokerHooks>().AddSingleton<Counters>().AddTopicRouting()
        .AddSingleton<Publisher>().AddSingleton<IMessagePublisher>(static all => all.GetRequiredService<Publisher>())
        .AddSingleton<AuthorizationCaches>().AddSingleton<IAuthorizationCacheControl>(static all => all.GetRequiredService<AuthorizationCaches>())
        .AddSingleton<Authorizer>().AddSingleton<ClientAuthentication>();

    private static IServiceCollection AddSessions(this IServiceCollection services) => services
        .AddSingleton<SessionContext>().AddSingleton<SessionEvents>().AddSingleton<SessionTable>().AddSingleton<SubscriptionControl>()
        .AddSingleton<ISessionActions, SessionActions>();

    private static IServiceCollection AddMqtt(this IServiceCollection services)
    {
        services.AddSingleton<ClientIdentity>().AddSingleton<ConnectHandler>().AddSingleton<AuthenticationHandler>().AddSingleton<PublishHandler>();
        services.AddSingleton<Descriptors>().AddSingleton<NodeConnectionRate>().AddSingleton<NodeIntake>().AddSingleton<SubscribeHandler>().AddSingleton<AcknowledgementHandler>();
        services.AddSingleton(all => new PacketHandlers
        {
            Connect = all.GetRequiredService<ConnectHandler>(),
            Authentication = all.GetRequiredService<AuthenticationHandler>(),
            Publish = all.GetRequiredService<PublishHandler>(),
            Subscribe = all.GetRequiredService<SubscribeHandler>(),
            Acknowledgement = all.GetRequiredService<AcknowledgementHandler>(),
            Sessions = all.GetRequiredService<SessionTable>(),
            Zone = all.GetRequiredService<SettingsRoot<ZoneSettings>>(),
            Held = all.GetRequiredService<SessionContext>().Held,
            Intake = all.GetRequiredService<NodeIntake>(),
            ConnectionRate = all.GetRequiredService<NodeConnectionRate>(),
            Descriptors = all.GetRequiredService<Descriptors>(),
            Wheel = all.GetRequiredService<TimerWheel>(),
            Counters = all.GetRequiredService<Counters>(),
            Hooks = all.GetRequiredService<BrokerHooks>(),
            Logger = all.GetRequiredService<ILogger<Connection>>(),
        });
        services.AddSingleton<Farewell>().AddSingleton<TlsOptionsSource>().AddSingleton<INodeCertificate, NodeCertificate>();
        return services.AddSingleton<IMqttListeners, MqttListeners>();
    }

    /// <summary>The cluster of one node, and what it tells of itself.</summary>
    private static IServiceCollection AddCluster(this IServiceCollection services) => services
        .AddSingleton(new HostPaths("/proc")).AddSingleton<HostFacts>().AddSingleton<LocalNode>()
        .AddSingleton<INodeDirectory>(static all => all.GetRequiredService<LocalNode>())
        .AddSingleton<IStatsDirectory>(static all => all.GetRequiredService<LocalNode>())
        .AddSingleton<IMetricsDirectory>(static all => all.GetRequiredService<LocalNode>())
        .AddSingleton<IClusterControl, LoneNode>();
}
