using Emqx.Mgmt.Accounts;
using Microsoft.AspNetCore.Authentication;

namespace Emqx.Mgmt.Api.Security;

/// <summary>Adds the dashboard token scheme with the users behind it.</summary>
internal static class DashboardTokenExtensions
{
    public static AuthenticationBuilder AddDashboardTokens(this AuthenticationBuilder builder)
    {
        builder.Services.AddSingleton<DashboardTokens>().AddSingleton<DashboardUsers>().AddSingleton<LoginGate>()
            .AddSingleton(PasswordRounds.Usual).AddSingleton<PasswordHasher>().AddSingleton<PasswordCheck>();
        return builder.AddScheme<DashboardTokenOptions, DashboardTokenHandler>(DashboardTokenDefaults.Scheme, null);
    }
}
