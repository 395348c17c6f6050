using Emqx.Broker.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Emqx.Storage.Sqlite;

/// <summary>Storage of a node that keeps its state in its data folder.</summary>
internal static class SqliteStorage
{
    /// <summary>Adds every store on the opened database. Who opened it disposes it, after the server has stopped.</summary>
    public static IServiceCollection AddSqliteStorage(this IServiceCollection services, SqliteDatabase database) => services
        .AddSingleton(database.Writer)
        .AddSingleton<IApiKeyStore, SqliteApiKeyStore>()
        .AddSingleton<IDashboardUserStore, SqliteDashboardUserStore>()
        .AddSingleton<ITokenStore, SqliteTokenStore>()
        .AddSingleton<IBanStore, SqliteBanStore>()
        .AddSingleton<IAuthzRuleStore, SqliteAuthzRuleStore>()
        .AddSingleton<IAuthnUserStore, SqliteAuthnUserStore>()
        .AddSingleton<IRetainedMessageStore, SqliteRetainedMessageStore>()
        .AddSingleton<IAlarmStore, SqliteAlarmStore>()
        .AddSingleton<IDelayedStore, SqliteDelayedStore>()
        .AddSingleton<ITraceStore, SqliteTraceStore>()
        .AddSingleton<IMonitorSampleStore, SqliteMonitorSampleStore>()
        .AddSingleton<ISettingsStore, SqliteSettingsStore>();
}
