using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Authorization.Policy;

namespace Emqx.Mgmt.Api.Security;

/// <summary>
/// Asks what the framework's evaluator asks, without what nearly every request can do without: policies of one scheme need no merging of
/// identities, and those that only want somebody authenticated need no handlers of requirements.
/// </summary>
internal sealed class ApiPolicyEvaluator(IAuthorizationService authorization) : PolicyEvaluator(authorization)
{
    private static readonly Task<PolicyAuthorizationResult> s_allowed = Task.FromResult(PolicyAuthorizationResult.Success());

    public override Task<AuthenticateResult> AuthenticateAsync(AuthorizationPolicy policy, HttpContext context) =>
        policy.AuthenticationSchemes is [var only] ? AuthenticateAsync(only, context) : base.AuthenticateAsync(policy, context);

    public override Task<PolicyAuthorizationResult> AuthorizeAsync(AuthorizationPolicy policy, AuthenticateResult authenticationResult, HttpContext context,
        object? resource) => authenticationResult.Succeeded && policy.Requirements is [DenyAnonymousAuthorizationRequirement]
        ? s_allowed
        : base.AuthorizeAsync(policy, authenticationResult, context, resource);

    private static async Task<AuthenticateResult> AuthenticateAsync(string scheme, HttpContext context)
    {
        var result = await context.AuthenticateAsync(scheme);
        context.User = result.Succeeded ? result.Principal : new ClaimsPrincipal(new ClaimsIdentity());
        return result;
    }
}
