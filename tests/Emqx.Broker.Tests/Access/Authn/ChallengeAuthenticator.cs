using System.Text;
using Emqx.Broker.Access.Authn;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Tests.Access.Authn;

/// <summary>Enhanced authentication in two steps: asks for the user's name backwards. Ignores clients that name another method.</summary>
internal sealed class ChallengeAuthenticator : IAuthenticator
{
    public const string Method = "BACKWARDS";

    public static readonly AuthenticatorType Type = new("backwards", null, [], static (_, _) => new ChallengeAuthenticator());

    public ValueTask<AuthnVerdict> AuthenticateAsync(Credential credential, CancellationToken cancellation)
    {
        var data = Encoding.UTF8.GetString(credential.Data.Span);
        return new(credential switch
        {
            { Method: not Method } => AuthnVerdict.Ignore,
            { State: null } => AuthnVerdict.Continue("who?"u8.ToArray(), string.Concat(data.Reverse())),
            { State: string expected } when data == expected => AuthnVerdict.Allow(new() { Data = "welcome"u8.ToArray() }),
            _ => AuthnVerdict.Deny(ReasonCode.NotAuthorized),
        });
    }

    public ValueTask DisposeAsync() => default;
}
