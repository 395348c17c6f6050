using Emqx.Broker.Settings;

namespace Emqx.Mgmt.Accounts;

/// <summary>Loads keys, users and tokens before the first request is served.</summary>
internal sealed class CredentialsLoader(ApiKeyRing keys, ApiKeyBootstrap bootstrap, DashboardUsers users, DashboardTokens tokens, SettingsRoot<ApiKeySettings> settings)
    : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await keys.LoadAsync(cancellationToken);
        await bootstrap.LoadAsync(settings.Current.BootstrapFile, cancellationToken);
        await tokens.LoadAsync(cancellationToken);
        await users.LoadAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
