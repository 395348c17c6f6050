namespace Emqx.Broker.Access.Authn.Jwt;

/// <summary>Lets in who brings a token that one key has signed (EMQX's <c>jwt</c> with a secret or a public key).</summary>
internal sealed class JwtAuthenticator(TokenJudge judge, TokenKey key) : IAuthenticator
{
    private readonly TokenKey[] _keys = [key];

    public ValueTask<AuthnVerdict> AuthenticateAsync(Credential credential, CancellationToken cancellation) =>
        new(judge.ReadToken(credential) is { } token ? judge.Judge(token, credential, _keys) : AuthnVerdict.Ignore);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
