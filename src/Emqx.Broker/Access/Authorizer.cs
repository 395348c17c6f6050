using Emqx.Broker.Access.Authz;
using Emqx.Broker.Hooks;
using Emqx.Broker.Metrics;
using Emqx.Broker.Protocol;
using Emqx.Broker.Settings;
using Emqx.Broker.Timing;

namespace Emqx.Broker.Access;

/// <summary>
/// Asks whether a client may publish or subscribe: its connection's cache first, then what came with its credentials, then the hook
/// client.authorize, on which the sources hang. What nobody decides is left to <c>authorization.no_match</c>; no answer in time denies, and
/// is not remembered. A superuser may do everything.
/// </summary>
internal sealed class Authorizer(BrokerHooks hooks, Counters counters, TimerWheel wheel, AuthorizationCaches caches, SettingsRoot<AuthorizationSettings> settings)
{
    /// <summary>EMQX's word for who has decided about a superuser.</summary>
    public const string FromSuperuser = "superuser";

    // Its words for others that are no source.
    private const string FromCache = "cache";
    private const string FromCredentials = "client_info";
    private const string FromHook = "'client.authorize' hook callback";
    private const string FromNoMatch = "'authorization.no_match' config";

    /// <param name="From">Who has decided.</param>
    /// <param name="IsAnswered">False: a link has not answered in time.</param>
    private readonly record struct Decision(bool IsAllowed, string From, bool IsAnswered = true);

    /// <summary>Whether a client's connection ends when it is denied something.</summary>
    public bool EndsDenied => settings.Current.DenyAction == DenyAction.Disconnect;

    /// <summary>Whether the client may.</summary>
    public ValueTask<bool> IsAllowedAsync(ClientInfo client, AuthorizationCache cache, in AuthorizationAccess wanted)
    {
        var access = Real(wanted);
        if (!caches.Takes(access.Topic))
            return UncachedAsync(client, access);
        var terms = caches.TermsAt(wheel.Steady);
        var cells = counters.Mine();
        if (cache.TryGet(access, terms, out var allowed))
        {
            cells[(int)Metric.AuthorizationCacheHit]++;
            return new(Told(client, access, new(allowed, FromCache)));
        }

        cells[(int)Metric.AuthorizationCacheMiss]++;
        var asked = DecideAsync(client, access);
        return asked.IsCompletedSuccessfully ? new(Kept(client, access, asked.Result, cache, terms)) : WaitAsync(asked, client, access, cache, terms);
    }

    /// <summary>Without a cache: also for wills, whose connection is gone.</summary>
    public ValueTask<bool> AskAsync(ClientInfo client, in AuthorizationAccess wanted) => UncachedAsync(client, Real(wanted));

    private ValueTask<bool> UncachedAsync(ClientInfo client, in AuthorizationAccess access)
    {
        var asked = DecideAsync(client, access);
        return asked.IsCompletedSuccessfully ? new(Told(client, access, asked.Result)) : WaitAsync(asked, client, access);
    }

    private async ValueTask<bool> WaitAsync(ValueTask<Decision> asked, ClientInfo client, AuthorizationAccess access, AuthorizationCache cache,
        AuthorizationCacheTerms terms) => Kept(client, access, await asked.ConfigureAwait(false), cache, terms);

    private async ValueTask<bool> WaitAsync(ValueTask<Decision> asked, ClientInfo client, AuthorizationAccess access) =>
        Told(client, access, await asked.ConfigureAwait(false));

    private bool Kept(ClientInfo client, in AuthorizationAccess access, in Decision decision, AuthorizationCache cache, in AuthorizationCacheTerms terms)
    {
        if (decision.IsAnswered)
            cache.Put(access, decision.IsAllowed, terms);
        return Told(client, access, decision);
    }

    private bool Told(ClientInfo client, in AuthorizationAccess access, in Decision decision)
    {
        counters.Increment(decision.IsAllowed ? Metric.AuthorizationAllow : Metric.AuthorizationDeny);
        if (hooks.ClientCheckAuthzComplete.IsUsed)
        {
            hooks.ClientCheckAuthzComplete.Tell(new AuthorizationChecked(client, access.IsPublish, access.Topic, access.Qos, access.Retain, decision.IsAllowed)
            {
                From = decision.From, IsRemembered = ReferenceEquals(decision.From, FromCache),
            });
        }

        return decision.IsAllowed;
    }

    private ValueTask<Decision> DecideAsync(ClientInfo client, in AuthorizationAccess access)
    {
        counters.Increment(Metric.ClientAuthorize);
        if (client.IsSuperuser)
        {
            counters.Increment(Metric.AuthorizationSuperuser);
            return new(new Decision(IsAllowed: true, FromSuperuser));
        }

        var request = ToRequest(client, access);
        var said = client.Acl?.Check(request) ?? AuthzVerdict.Ignore;
        if (hooks.AuthorizationAnswered.IsUsed)
            hooks.AuthorizationAnswered.Tell(new(request, FromCredentials, said));
        if (said is AuthzVerdict.Allow or AuthzVerdict.Deny)
        {
            (request.Verdict, request.DecidedBy) = (said == AuthzVerdict.Allow, FromCredentials);
            return new(Read(request));
        }

        if (!hooks.ClientAuthorize.IsUsed)
            return new(Read(request));
        var asked = hooks.ClientAuthorize.RunAsync(request);
        return asked.IsCompletedSuccessfully ? new(Read(request)) : ReadAsync(asked, request);
    }

    private async ValueTask<Decision> ReadAsync(ValueTask<bool> asked, AuthorizeRequest request) =>
        await asked.ConfigureAwait(false) ? Read(request) : new(IsAllowed: false, FromHook, IsAnswered: false);

    private Decision Read(AuthorizeRequest request)
    {
        if (request.Verdict is not { } allowed)
        {
            counters.Increment(Metric.AuthorizationNomatch);
            return new(settings.Current.NoMatch == NoMatch.Allow, FromNoMatch);
        }

        if (request.DecidedBy is not { } source)
            return new(allowed, FromHook);
        counters.Increment(allowed ? Metric.AuthorizationMatchedAllow : Metric.AuthorizationMatchedDeny);
        return new(allowed, source);
    }

    /// <summary>What a publish to a topic that stands for another one is about.</summary>
    private AuthorizationAccess Real(in AuthorizationAccess wanted) =>
        wanted.IsPublish ? wanted with { Topic = hooks.AuthorizedTopic.Of(wanted.Topic) } : wanted;

    private static AuthorizeRequest ToRequest(ClientInfo client, in AuthorizationAccess access) => new()
    {
        Client = client, IsPublish = access.IsPublish, Topic = access.Topic, Qos = access.Qos, Retain = access.Retain,
    };
}
