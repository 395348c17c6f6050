using Emqx.Broker.Settings.Layers;

namespace Emqx.Mgmt.Accounts;

/// <summary>Loads keys, users and tokens before the first request is served.</summary>
internal sealed class CredentialsLoader(ApiKeyRing keys, ApiKeyBootstrap bootstrap, DashboardUsers users, DashboardTokens tokens, NodeConfiguration configuration)
    : IHostedLifecycleService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await keys.LoadAsync(cancellationToken);
        await bootstrap.LoadAsync(configuration.ApiKey.BootstrapFile, cancellationToken);
        await tokens.LoadAsync(cancellationToken);
        await users.LoadAsync(configuration.Dashboard.DefaultUsername, configuration.Dashboard.DefaultPassword, cancellationToken);
    }

    /// <summary>Begins what takes a core for a fifth of a second and nobody who starts waits for.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _ = users.SettleAsync();
        return Task.CompletedTask;
    }

    /// <summary>A default user that is being made gets onto the disk first, whose end comes after this.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAny(users.SettleAsync());

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
