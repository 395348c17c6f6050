using Emqx.Broker.Access.Authn.Users;
using Emqx.Broker.Protocol;
using Emqx.Broker.Schema;

namespace Emqx.Broker.Access.Authn.Scram;

/// <summary>Asks a client of MQTT 5 for a proof that it knows its user's password, and shows in turn that the node knows it. Ignores other methods and unknown users.</summary>
internal sealed class ScramAuthenticator(SettingsReader settings, AuthnUserSet users) : IAuthenticator
{
    private readonly ScramKeys _keys = new(settings);

    public ValueTask<AuthnVerdict> AuthenticateAsync(Credential credential, CancellationToken cancellation)
    {
        if (credential.Method != _keys.Method || credential.Data.IsEmpty)
            return new(AuthnVerdict.Ignore);
        return new(credential.State is ScramExchange exchange ? End(exchange, credential.Data.Span) : Begin(credential.Data.Span));
    }

    public ValueTask DisposeAsync() => default;

    private AuthnVerdict Begin(ReadOnlySpan<byte> data)
    {
        if (ScramFirst.Parse(data) is not { } first)
            return AuthnVerdict.Deny(ReasonCode.NotAuthorized);
        if (users.Find(first.Username) is not { } user)
            return AuthnVerdict.Ignore;
        var exchange = new ScramExchange(first, user, _keys.Iterations);
        return AuthnVerdict.Continue(exchange.Question, exchange);
    }

    private AuthnVerdict End(ScramExchange exchange, ReadOnlySpan<byte> data) => exchange.Answer(data, _keys) is { } answer
        ? AuthnVerdict.Allow(new() { IsSuperuser = exchange.User.IsSuperuser, Data = answer })
        : AuthnVerdict.Deny(ReasonCode.NotAuthorized);
}
