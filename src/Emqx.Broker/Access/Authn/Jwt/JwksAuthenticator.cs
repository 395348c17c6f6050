namespace Emqx.Broker.Access.Authn.Jwt;

/// <summary>Lets in who brings a token that a key of a set has signed, which is fetched from an address (EMQX's <c>jwt</c> with <c>use_jwks</c>).</summary>
internal sealed class JwksAuthenticator(TokenJudge judge, KeySet keys) : IAuthenticator, IBackedEntry
{
    public IAccessBackend Asked => keys;

    public async ValueTask<AuthnVerdict> AuthenticateAsync(Credential credential, CancellationToken cancellation)
    {
        if (judge.ReadToken(credential) is not { } token)
            return AuthnVerdict.Ignore;
        return judge.Judge(token, credential, await keys.GetAsync(cancellation).ConfigureAwait(false));
    }

    public ValueTask DisposeAsync() => keys.DisposeAsync();
}
