using Emqx.Mgmt.Accounts;
using Microsoft.AspNetCore.Authentication;

namespace Emqx.Mgmt.Api.Security;

/// <summary>Adds the API key scheme.</summary>
internal static class ApiKeyExtensions
{
    public static AuthenticationBuilder AddApiKeys(this AuthenticationBuilder builder)
    {
        builder.Services.AddSingleton<ApiKeyRing>().AddSingleton<ApiKeyBootstrap>();
        return builder.AddScheme<ApiKeyOptions, ApiKeyHandler>(ApiKeyDefaults.Scheme, null);
    }
}
