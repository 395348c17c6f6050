using System.Text.Encodings.Web;
using Emqx.Mgmt.Accounts;
using Emqx.Mgmt.Api.Failures;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Emqx.Mgmt.Api.Security;

/// <summary>HTTP Bearer with a token of POST /login.</summary>
internal sealed class DashboardTokenHandler(IOptionsMonitor<DashboardTokenOptions> options, ILoggerFactory logger, UrlEncoder encoder, DashboardTokens tokens,
    DashboardUsers users)
    : AuthenticationHandler<DashboardTokenOptions>(options, logger, encoder)
{
    private static readonly AuthenticateResult s_unknown = RefusedCredentials.Because(Failure.BadToken.AsIs(), challenges: false);
    private static readonly AuthenticateResult s_expired = RefusedCredentials.Because(Failure.TokenTimeOut.AsIs(), challenges: false);

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Authenticate());

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties) =>
        await RefusedCredentials.AnswerAsync(Context, await HandleAuthenticateOnceAsync());

    private AuthenticateResult Authenticate()
    {
        var header = AuthorizationHeader.Of(Context);
        return header.Scheme switch
        {
            AuthorizationScheme.Bearer => Use(header.Value.Span),
            AuthorizationScheme.Basic => Refuse(header.Value.Span),
            AuthorizationScheme.Malformed => RefusedCredentials.Malformed,
            _ => RefusedCredentials.Missing,
        };
    }

    private AuthenticateResult Use(ReadOnlySpan<char> token) => tokens.Use(token, out var ticket) switch
    {
        TokenState.Valid when users.Contains(ticket!.Principal.Identity!.Name!) => AuthenticateResult.Success(ticket),
        TokenState.Expired => s_expired,
        _ => s_unknown,
    };

    /// <summary>An API key where only a token is taken: said before the key is looked at.</summary>
    private AuthenticateResult Refuse(ReadOnlySpan<char> basic)
    {
        if (!AuthorizationHeader.TryDecodeBasic(basic, new byte[basic.Length], out _, out _))
            return RefusedCredentials.Malformed;
        var path = Request.Path.Value.AsSpan(ManagementApi.Base.Length + 1);
        var end = path.IndexOf('/');
        var group = end < 0 ? path : path[..end];
        return RefusedCredentials.Because(
            Failure.ApiKeyNotAllow.Because($"Please use bearer Token instead, using API key/secret in {group} path is not permitted"), challenges: true);
    }
}
