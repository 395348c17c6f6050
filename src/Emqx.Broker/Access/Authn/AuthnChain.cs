using Emqx.Broker.Hooks;
using Emqx.Broker.Protocol;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings.Layers;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Access.Authn;

/// <summary>
/// Asks the authenticators of the root <c>authentication</c>, in order, who a client is: the first that allows or denies decides. Where all
/// ignore the client it is not authorized. While there is none, the hook is not used and everybody is let in.
/// </summary>
internal sealed class AuthnChain : INodeModule, IDisposable
{
    /// <summary>The root of the configuration.</summary>
    public const string Root = "authentication";

    private readonly AuthenticationKind _kind;
    private readonly RunningConfiguration _running;
    private readonly EntryInstances<IAuthenticator> _authenticators;
    private readonly ILogger _logger;
    private HookEvent<AuthenticationStep>? _steps;

    public AuthnChain(AuthenticatorCatalogue catalogue, RunningConfiguration running, IServiceProvider services, ILogger<AuthnChain> logger)
    {
        _kind = new AuthenticationKind(catalogue);
        _running = running;
        _logger = logger;
        _authenticators = new(_kind.NameOf, entry => _kind.Find(entry)!.Create(entry, services), logger);
    }

    /// <summary>All authenticators in their order, disabled ones too, by their ids.</summary>
    public IEnumerable<(string Id, EntryInstance<IAuthenticator> Entry)> Entries => _authenticators.All.Select(one => (_kind.NameOf(one.Entry)!, one));

    public void Attach(BrokerHooks hooks)
    {
        _steps = hooks.ClientAuthenticateStep;
        _authenticators.Follow(_running, Root, static value => value, () => hooks.ClientAuthenticate.Add(AuthenticateAsync, HookPriority.Authenticators));
    }

    public Task RunAsync(CancellationToken cancellation) => _authenticators.RunAsync(cancellation);

    public ValueTask TickAsync(long now, CancellationToken cancellation)
    {
        _authenticators.Tick();
        return ValueTask.CompletedTask;
    }

    public void Dispose() => _authenticators.Dispose();

    private async ValueTask<HookResult> AuthenticateAsync(AuthenticateRequest request, CancellationToken cancellation)
    {
        var exchange = request.State as Exchange;
        request.State = null;
        foreach (var one in _authenticators.Current)
        {
            // The answer to a question goes to the one that has asked.
            if (one.Instance is not { } authenticator || (exchange is not null && exchange.Asker != authenticator))
                continue;
            one.Metrics.CountAsked();
            var verdict = await AskAsync(one.Entry, authenticator, request, exchange?.State, cancellation).ConfigureAwait(false);
            if (Counted(verdict.Outcome) is { } counted)
                one.Metrics.Count(counted);
            Tell(request, AuthenticationStage.Authenticator, verdict, one.Entry);
            cancellation.ThrowIfCancellationRequested();
            if (verdict.Outcome == AuthnOutcome.Ignore)
                continue;
            Apply(verdict, request, authenticator);
            Tell(request, AuthenticationStage.Chain, verdict);
            return HookResult.Stop;
        }

        (request.Allowed, request.ReasonCode) = (false, ReasonCode.NotAuthorized);
        Tell(request, AuthenticationStage.Chain, AuthnVerdict.Ignore);
        return HookResult.Stop;
    }

    private void Tell(AuthenticateRequest request, AuthenticationStage stage, AuthnVerdict verdict, ConfigObject? entry = null)
    {
        if (_steps is not { IsUsed: true } steps)
            return;
        var word = verdict.Outcome switch
        {
            AuthnOutcome.Allow => AuthenticationWord.Allowed,
            AuthnOutcome.Deny => AuthenticationWord.Refused,
            AuthnOutcome.Continue => AuthenticationWord.Continued,
            _ => AuthenticationWord.Ignored,
        };
        steps.Tell(new(request.Client, stage, word, entry is null ? "" : _kind.NameOf(entry) ?? "", verdict.ReasonCode, verdict.Outcome == AuthnOutcome.Allow && verdict.Grant.IsSuperuser));
    }

    private static EntryVerdict? Counted(AuthnOutcome outcome) => outcome switch
    {
        AuthnOutcome.Allow => EntryVerdict.Positive,
        AuthnOutcome.Deny => EntryVerdict.Negative,
        AuthnOutcome.Ignore => EntryVerdict.NoMatch,
        _ => null,
    };

    private async ValueTask<AuthnVerdict> AskAsync(ConfigObject entry, IAuthenticator authenticator, AuthenticateRequest request, object? state, CancellationToken cancellation)
    {
        try
        {
            var credential = new Credential(request.Client, request.Password, request.Method, request.Data, state);
            return await authenticator.AuthenticateAsync(credential, cancellation).ConfigureAwait(false);
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested)
        {
            AccessLog.Failed(_logger, authenticator.GetType().Name, error);
            if (_steps is { IsUsed: true } steps)
                steps.Tell(new(request.Client, AuthenticationStage.Authenticator, AuthenticationWord.Failed, _kind.NameOf(entry) ?? ""));
            return AuthnVerdict.Ignore;
        }
    }

    private static void Apply(AuthnVerdict verdict, AuthenticateRequest request, IAuthenticator authenticator)
    {
        switch (verdict.Outcome)
        {
            case AuthnOutcome.Allow:
                request.Allowed = true;
                Apply(verdict.Grant, request);
                break;
            case AuthnOutcome.Continue:
                request.State = new Exchange(authenticator, verdict.State);
                request.Continue(verdict.Data);
                break;
            default:
                (request.Allowed, request.ReasonCode) = (false, verdict.ReasonCode);
                break;
        }
    }

    private static void Apply(AuthnGrant grant, AuthenticateRequest request)
    {
        request.IsSuperuser = grant.IsSuperuser;
        request.Reply = grant.Data;
        request.Client.Acl = grant.Acl;
        request.Client.AuthExpireAt = grant.ExpiresAt?.ToUnixTimeMilliseconds() ?? long.MaxValue;
        if (grant.Attributes is not { Count: > 0 } attributes)
            return;
        var merged = new Dictionary<string, string>(request.Client.Attributes, StringComparer.Ordinal);
        foreach (var (name, value) in attributes)
            merged[name] = value;
        request.Client.Attributes = merged;
    }

    /// <summary>A question that waits for the client's answer.</summary>
    private sealed record Exchange(IAuthenticator Asker, object? State);
}
