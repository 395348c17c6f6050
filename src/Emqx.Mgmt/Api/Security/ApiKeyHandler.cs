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
    private static readonly AuthenticateResult Wrong = RefusedCredentials.Because(Failure.BadApiKeyOrSecret.Because("Check api_key/api_secret"), challenges: true);

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Authenticate());

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => CredentialsCheck.AnswerAsync(Context, HandleAuthenticateOnceAsync());

    private AuthenticateResult Authenticate()
    {
        var header = AuthorizationHeader.Of(Request);
        if (header.Scheme != AuthorizationScheme.Basic) return RefusedCredentials.Missing;
        Span<byte> bytes = header.Value.Length <= LongestOnStack ? stackalloc byte[LongestOnStack] : new byte[header.Value.Length];
        if (!AuthorizationHeader.TryDecodeBasic(header.Value, bytes, out var key, out var secret)) return RefusedCredentials.Malformed;
        if (Context.GetEndpoint()?.CredentialsOf() == Credentials.BearerOnly) return NotAllowed();
        return keys.Find(key, secret) is { } found ? AuthenticateResult.Success(found.Ticket) : Wrong;
    }

    /// <summary>Said before the key is looked at.</summary>
    private AuthenticateResult NotAllowed()
    {
        var path = Request.Path.Value.AsSpan(ManagementApi.Base.Length + 1);
        var end = path.IndexOf('/');
        var group = end < 0 ? path : path[..end];
        return RefusedCredentials.Because(
            Failure.ApiKeyNotAllow.Because($"Please use bearer Token instead, using API key/secret in {group} path is not permitted"), challenges: true);
    }
}
