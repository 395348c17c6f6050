using Microsoft.Extensions.DependencyInjection;

namespace Emqx.Broker.Storage.InMemory;

/// <summary>Storage for a node that keeps nothing (data folder ":memory:"), and for tests.</summary>
internal static class InMemoryStorage
{
    public static IServiceCollection AddInMemoryStorage(this IServiceCollection services) => services
        .AddSingleton<IApiKeyStore, InMemoryApiKeyStore>()
        .AddSingleton<IDashboardUserStore, InMemoryDashboardUserStore>()
        .AddSingleton<ITokenStore, InMemoryTokenStore>()
        .AddSingleton<IBanStore, InMemoryBanStore>()
        .AddSingleton<IAuthzRuleStore, InMemoryAuthzRuleStore>()
        .AddSingleton<IAuthnUserStore, InMemoryAuthnUserStore>()
        .AddSingleton<IRetainedMessageStore, InMemoryRetainedMessageStore>()
        .AddSingleton<IAlarmStore, InMemoryAlarmStore>()
        .AddSingleton<IDelayedStore, InMemoryDelayedStore>()
        .AddSingleton<ITraceStore, InMemoryTraceStore>()
        .AddSingleton<IMonitorSampleStore, InMemoryMonitorSampleStore>()
        .AddSingleton<ISettingsStore, InMemorySettingsStore>();
}
