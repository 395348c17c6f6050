using Emqx.Broker.Hooks;
using Emqx.Broker.Metrics;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Access;

/// <summary>Where the authentication of a client stands.</summary>
internal enum AuthenticationOutcome
{
    Allowed,
    Refused,

    /// <summary>The client is to answer first.</summary>
    Continued,
}

/// <param name="ReasonCode">Of a refusal.</param>
internal readonly record struct AuthenticationAnswer(AuthenticationOutcome Outcome, byte ReasonCode = 0);

/// <summary>Asks whether a client is who it says: the hook client.authenticate, as often as its method takes steps.</summary>
internal sealed class ClientAuthentication(BrokerHooks hooks, Counters counters)
{
    /// <summary>
    /// Asks with what the client has sent. Who is not answered in time is not authorized, as where EMQX's authenticators
    /// all fail; the reason is not the client's credentials.
    /// </summary>
    public async ValueTask<AuthenticationAnswer> AskAsync(AuthenticateRequest request, ReadOnlyMemory<byte> data)
    {
        counters.Increment(Metric.ClientAuthenticate);
        request.Begin(data);
        var isTurnedAway = request.Client.NeedsUsername && string.IsNullOrEmpty(request.Client.Username);
        if ((isTurnedAway || !request.Client.EnableAuthn) && hooks.ClientAuthenticateStep.IsUsed)
            hooks.ClientAuthenticateStep.Tell(new(request.Client, AuthenticationStage.Listener, isTurnedAway ? AuthenticationWord.Refused : AuthenticationWord.Allowed));
        if (isTurnedAway)
            return Refuse(ReasonCode.NotAuthorized);
        if (request.Client.EnableAuthn && !await hooks.ClientAuthenticate.RunAsync(request).ConfigureAwait(false))
            return Refuse(ReasonCode.NotAuthorized);
        if (request.Method is not null && request.IsContinued)
            return new(AuthenticationOutcome.Continued);
        return request.Allowed == false || request.IsContinued ? Refuse(request.ReasonCode) : Allow(request);
    }

    private AuthenticationAnswer Refuse(byte reasonCode)
    {
        counters.Increment(Metric.AuthenticationFailure);
        return new(AuthenticationOutcome.Refused, reasonCode);
    }

    private AuthenticationAnswer Allow(AuthenticateRequest request)
    {
        counters.Increment(Metric.AuthenticationSuccess);
        if (request.Allowed is null)
        {
            counters.Increment(Metric.AuthenticationSuccessAnonymous);
            counters.Increment(Metric.ClientAuthAnonymous);
        }

        request.Client.IsSuperuser = request.IsSuperuser;
        return new(AuthenticationOutcome.Allowed);
    }
}
