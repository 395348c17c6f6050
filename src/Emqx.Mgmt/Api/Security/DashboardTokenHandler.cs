using System.Text.Encodings.Web;
using Emqx.Mgmt.Accounts;
using Emqx.Mgmt.Api.Failures;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Emqx.Mgmt.Api.Security;

/// <summary>HTTP Bearer with a token of POST /login.</summary>
internal sealed class DashboardTokenHandler(IOptionsMonitor<DashboardTokenOptions> options, ILoggerFactory logger, UrlEncoder encoder, DashboardTokens tokens)
    : AuthenticationHandler<DashboardTokenOptions>(options, logger, encoder)
{
    private static readonly AuthenticateResult Unknown = RefusedCredentials.Because(Failure.BadToken.AsIs(), challenges: false);
    private static readonly AuthenticateResult Expired = RefusedCredentials.Because(Failure.TokenTimeOut.AsIs(), challenges: false);

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Authenticate());

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => CredentialsCheck.AnswerAsync(Context, HandleAuthenticateOnceAsync());

    private AuthenticateResult Authenticate()
    {
        var header = AuthorizationHeader.Of(Request);
        if (header.Scheme != AuthorizationScheme.Bearer) return RefusedCredentials.Missing;
        return tokens.Use(header.Value, out var ticket) switch
        {
            TokenState.Valid => AuthenticateResult.Success(ticket!),
            TokenState.Expired => Expired,
            _ => Unknown,
        };
    }
}
