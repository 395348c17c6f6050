using Microsoft.AspNetCore.Authentication;

namespace Emqx.Mgmt.Api.Security;

/// <summary>Lets a request through to its operation only with the credentials that the operation asks for.</summary>
internal sealed class CredentialsCheck(RequestDelegate next)
{
    /// <summary>Checks the credentials of requests that have an operation.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is { } endpoint && endpoint.CredentialsOf() != Credentials.Open)
        {
            var scheme = AuthorizationHeader.Of(context.Request).Scheme;
            if (scheme == AuthorizationScheme.Malformed)
            {
                await RefuseAsync(context, RefusedCredentials.Malformed);
                return;
            }
            var name = scheme == AuthorizationScheme.Bearer ? DashboardTokenDefaults.Scheme : ApiKeyDefaults.Scheme;
            var result = await context.AuthenticateAsync(name);
            if (!result.Succeeded)
            {
                await context.ChallengeAsync(name);
                return;
            }
            context.User = result.Principal;
        }
        await next(context);
    }

    /// <summary>Writes the answer that the authentication ended with.</summary>
    internal static async Task AnswerAsync(HttpContext context, Task<AuthenticateResult> authentication) =>
        await RefuseAsync(context, await authentication);

    private static Task RefuseAsync(HttpContext context, AuthenticateResult result) =>
        (result.Failure as RefusedCredentials ?? (RefusedCredentials)RefusedCredentials.Missing.Failure!).AnswerAsync(context);
}
