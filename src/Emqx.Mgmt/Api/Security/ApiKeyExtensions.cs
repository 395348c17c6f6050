using Emqx.Mgmt.Accounts;
using Microsoft.AspNetCore.Authentication;

namespace Emqx.Mgmt.Api.Security;

/// <summary>Adds the API key scheme.</summary>
internal static class ApiKeyExtensions
{
    /// <summary>The scheme passes requests with a bearer token on to the scheme of tokens: where a key opens, a token opens too.</summary>
    public static AuthenticationBuilder AddApiKeys(this AuthenticationBuilder builder)
    {
        builder.Services.AddSingleton<ApiKeyRing>().AddSingleton<ApiKeyBootstrap>();
        return builder.AddScheme<ApiKeyOptions, ApiKeyHandler>(ApiKeyDefaults.Scheme, static options => options.ForwardDefaultSelector =
            static context => AuthorizationHeader.Of(context).Scheme == AuthorizationScheme.Bearer ? DashboardTokenDefaults.Scheme : null);
    }
}
