using Emqx.Broker.Settings.Layers;

namespace Emqx.Mgmt.Accounts;

/// <summary>Loads keys, users and tokens before the first request is served.</summary>
internal sealed class CredentialsLoader(ApiKeyRing keys, ApiKeyBootstrap bootstrap, DashboardUsers users, DashboardTokens tokens, NodeConfiguration configuration)
    : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await keys.LoadAsync(cancellationToken);
        await bootstrap.LoadAsync(configuration.ApiKey.BootstrapFile, cancellationToken);
        await tokens.LoadAsync(cancellationToken);
        await users.LoadAsync(configuration.Dashboard.DefaultUsername, configuration.Dashboard.DefaultPassword, cancellationToken);
    }

    /// <summary>A default user that is being made gets onto the disk first, whose end comes after this.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAny(users.SettleAsync());
}
