using System.Text.Encodings.Web;
using Emqx.Mgmt.Accounts;
using Emqx.Mgmt.Api.Failures;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Emqx.Mgmt.Api.Security;

/// <summary>HTTP Basic with an API key and its secret.</summary>
internal sealed class ApiKeyHandler(IOptionsMonitor<ApiKeyOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiKeyRing keys)
    : AuthenticationHandler<ApiKeyOptions>(options, logger, encoder)
{
    private const int LongestOnStack = 512;

    private static readonly AuthenticateResult s_wrong =
        RefusedCredentials.Because(Failure.BadApiKeyOrSecret.Because("Check api_key/api_secret"), challenges: true);

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Authenticate());

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties) =>
        await RefusedCredentials.AnswerAsync(Context, await HandleAuthenticateOnceAsync());

    private AuthenticateResult Authenticate()
    {
        var header = AuthorizationHeader.Of(Context);
        if (header.Scheme == AuthorizationScheme.Malformed)
            return RefusedCredentials.Malformed;
        if (header.Scheme != AuthorizationScheme.Basic)
            return RefusedCredentials.Missing;
        var value = header.Value.Span;
        Span<byte> bytes = value.Length <= LongestOnStack ? stackalloc byte[LongestOnStack] : new byte[value.Length];
        if (!AuthorizationHeader.TryDecodeBasic(value, bytes, out var key, out var secret))
            return RefusedCredentials.Malformed;
        return keys.Find(key, secret) is { } found ? AuthenticateResult.Success(found.Ticket) : s_wrong;
    }
}
