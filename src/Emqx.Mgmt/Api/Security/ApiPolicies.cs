using Emqx.Mgmt.Accounts;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace Emqx.Mgmt.Api.Security;

/// <summary>Who may use an operation. Declared on groups by <c>RequireAuthorization</c>; a group without a policy is open.</summary>
internal static class ApiPolicies
{
    /// <summary>An API key or a dashboard token.</summary>
    public const string KeyOrToken = "api";

    /// <summary>A dashboard token only.</summary>
    public const string TokenOnly = "dashboard";

    /// <summary>As <see cref="KeyOrToken"/>, or nothing, as the settings of Prometheus say.</summary>
    public const string Scraping = "scraping";

    /// <summary>Adds the policies.</summary>
    public static IServiceCollection AddApiPolicies(this IServiceCollection services) => services.AddSingleton<IPolicyEvaluator, ApiPolicyEvaluator>().AddAuthorization(static options =>
    {
        options.DefaultPolicy = Of(ApiKeyDefaults.Scheme);
        options.AddPolicy(KeyOrToken, options.DefaultPolicy);
        options.AddPolicy(TokenOnly, Of(DashboardTokenDefaults.Scheme));
        options.AddPolicy(Scraping, new AuthorizationPolicyBuilder(ApiKeyDefaults.Scheme).AddRequirements(new ScrapingRequirement()).Build());
    });

    /// <summary>The policy of an endpoint, or null where it is open.</summary>
    public static string? PolicyOf(EndpointMetadataCollection metadata) => metadata.GetMetadata<IAuthorizeData>()?.Policy;

    private static AuthorizationPolicy Of(string scheme) => new AuthorizationPolicyBuilder(scheme).RequireAuthenticatedUser().Build();
}
