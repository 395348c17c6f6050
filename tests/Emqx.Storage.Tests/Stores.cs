using Emqx.Broker.Storage;
using Emqx.Broker.Storage.InMemory;
using Emqx.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Emqx.Storage.Tests;

/// <summary>Every store of one kind of storage.</summary>
internal sealed class Stores(ServiceProvider services) : IDisposable
{
    public IApiKeyStore ApiKeys => services.GetRequiredService<IApiKeyStore>();
    public IDashboardUserStore Users => services.GetRequiredService<IDashboardUserStore>();
    public ITokenStore Tokens => services.GetRequiredService<ITokenStore>();
    public IBanStore Bans => services.GetRequiredService<IBanStore>();
    public IAuthzRuleStore AuthzRules => services.GetRequiredService<IAuthzRuleStore>();
    public IAuthnUserStore AuthnUsers => services.GetRequiredService<IAuthnUserStore>();
    public IRetainedMessageStore Retained => services.GetRequiredService<IRetainedMessageStore>();
    public ITraceStore Traces => services.GetRequiredService<ITraceStore>();
    public IAlarmStore Alarms => services.GetRequiredService<IAlarmStore>();
    public IDelayedStore Delayed => services.GetRequiredService<IDelayedStore>();
    public IMonitorSampleStore Samples => services.GetRequiredService<IMonitorSampleStore>();
    public ISettingsStore Settings => services.GetRequiredService<ISettingsStore>();

    public static Stores InMemory() => new(new ServiceCollection().AddInMemoryStorage().BuildServiceProvider());

    public static Stores On(SqliteDatabase database) => new(new ServiceCollection().AddSqliteStorage(database).BuildServiceProvider());

    public void Dispose() => services.Dispose();
}
