using Microsoft.AspNetCore.Authorization;

namespace Emqx.Mgmt.Api.Security;

/// <summary>What <see cref="ApiPolicies.Scraping"/> asks: credentials, or settings that do without.</summary>
internal sealed class ScrapingRequirement : IAuthorizationRequirement;
