using Emqx.Broker.Storage.Backups;
using Emqx.Mgmt.Accounts;
using Microsoft.AspNetCore.Authentication;

namespace Emqx.Mgmt.Api.Security;

/// <summary>Adds both schemes, their policies and what is behind them. Needs the stores and the settings <c>dashboard</c> and <c>api_key</c>.</summary>
internal static class SecurityExtensions
{
    public static IServiceCollection AddCredentials(this IServiceCollection services)
    {
        // Not AddAuthentication(): it brings data protection along, which writes keys to the home folder at start.
        new AuthenticationBuilder(services.AddAuthenticationCore().AddWebEncoders()).AddApiKeys().AddDashboardTokens();
        return services.AddApiPolicies()
            .AddSingleton<IBackupTable, ApiKeyBackup>().AddSingleton<IBackupTable, UserBackup>()
            .AddHostedService<CredentialsLoader>();
    }
}
