using Emqx.Broker.Access;
using Emqx.Broker.Clients;
using Emqx.Broker.Cluster;
using Emqx.Broker.Hooks;
using Emqx.Broker.Listeners;
using Emqx.Broker.Messages;
using Emqx.Broker.Metrics;
using Emqx.Broker.Modules.Bans;
using Emqx.Broker.Modules.Delayed;
using Emqx.Broker.Modules.Retainer;
using Emqx.Broker.Monitoring;
using Emqx.Broker.Mqtt;
using Emqx.Broker.Mqtt.Listening;
using Emqx.Broker.Mqtt.Transport;
using Emqx.Broker.Routing;
using Emqx.Broker.Sessions;
using Emqx.Broker.Settings;
using Emqx.Broker.Timing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Node;

/// <summary>Registers the node: everything but stores and settings, which the process brings.</summary>
internal static class BrokerServices
{
    /// <summary>Adds the broker. <see cref="NodeIdentity"/>, <see cref="INodeCertificate"/> and the stores are the caller's.</summary>
    public static IServiceCollection AddBroker(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(_ => new SettingsRoot<ZoneSettings>(new ZoneSettings()));
        services.AddSingleton<TimerWheel>().AddSingleton<BrokerHooks>().AddSingleton<Counters>();
        services.AddTopicRouting().AddRetained().AddDelayed();
        services.AddSingleton<Publisher>().AddSingleton<IMessagePublisher>(all => all.GetRequiredService<Publisher>());
        services.AddSingleton<Authorizer>().AddSingleton<ClientAuthentication>();
        services.AddSessions().AddMqtt();
        return services.AddClientDirectories().AddMonitoring().AddBans().AddListeners();
    }

    private static IServiceCollection AddSessions(this IServiceCollection services) => services
        .AddSingleton<SessionContext>().AddSingleton<SessionEvents>().AddSingleton<SessionTable>().AddSingleton<SubscriptionControl>()
        .AddSingleton<ISessionActions, SessionActions>();

    private static IServiceCollection AddMqtt(this IServiceCollection services)
    {
        services.AddSingleton<ClientIdentity>().AddSingleton<ConnectHandler>().AddSingleton<AuthenticationHandler>().AddSingleton<PublishHandler>();
        services.TryAddSingleton(_ => new SettingsRoot<LimiterSettings>(new LimiterSettings()));
        services.AddSingleton<NodeConnectionRate>().AddSingleton<SubscribeHandler>().AddSingleton<AcknowledgementHandler>();
        services.AddSingleton(all => new PacketHandlers
        {
            Connect = all.GetRequiredService<ConnectHandler>(),
            Authentication = all.GetRequiredService<AuthenticationHandler>(),
            Publish = all.GetRequiredService<PublishHandler>(),
            Subscribe = all.GetRequiredService<SubscribeHandler>(),
            Acknowledgement = all.GetRequiredService<AcknowledgementHandler>(),
            Sessions = all.GetRequiredService<SessionTable>(),
            Zone = all.GetRequiredService<SettingsRoot<ZoneSettings>>(),
            ConnectionRate = all.GetRequiredService<NodeConnectionRate>(),
            Wheel = all.GetRequiredService<TimerWheel>(),
            Counters = all.GetRequiredService<Counters>(),
            Hooks = all.GetRequiredService<BrokerHooks>(),
            Logger = all.GetRequiredService<ILogger<Connection>>(),
        });
        services.AddSingleton<TlsOptionsSource>();
        return services.AddSingleton<IMqttListeners, MqttListeners>();
    }
}
