using Emqx.Broker.Hooks;
using Emqx.Broker.Metrics;
using Emqx.Broker.Protocol;
using Emqx.Broker.Timing;

namespace Emqx.Broker.Access;

/// <summary>
/// Asks whether a client may publish or subscribe: its connection's cache first, then the hook client.authorize. Nobody's
/// objection allows; no answer in time denies, and is not remembered. A superuser may do everything.
/// </summary>
internal sealed class Authorizer(BrokerHooks hooks, Counters counters, TimerWheel wheel)
{
    private const int CacheSize = 32;

    /// <summary>How long a decision is remembered, milliseconds (EMQX's authorization.cache.ttl).</summary>
    public const long CacheTtl = 60_000;

    /// <summary>Whether the client may.</summary>
    public ValueTask<bool> IsAllowedAsync(ClientInfo client, AuthorizationCache cache, in AuthorizationAccess wanted)
    {
        var access = Real(wanted);
        var cells = counters.Mine();
        var now = wheel.Steady;
        cells[(int)Metric.ClientAuthorize]++;
        if (cache.TryGet(access, now, CacheTtl, out var allowed))
        {
            cells[(int)Metric.AuthorizationCacheHit]++;
            cells[(int)(allowed ? Metric.AuthorizationAllow : Metric.AuthorizationDeny)]++;
            return new(Told(client, access, allowed));
        }

        cells[(int)Metric.AuthorizationCacheMiss]++;
        if (!hooks.ClientAuthorize.IsUsed || client.IsSuperuser)
            return new(Told(client, access, Remember(cache, access, allowed: true, now)));
        var request = ToRequest(client, access);
        var asked = hooks.ClientAuthorize.RunAsync(request);
        return asked.IsCompletedSuccessfully
            ? new(Told(client, access, Remember(cache, access, request.Verdict ?? true, now)))
            : WaitAsync(asked, request, cache, access, now);
    }

    /// <summary>Without a cache: for wills, whose connection is gone.</summary>
    public ValueTask<bool> AskAsync(ClientInfo client, in AuthorizationAccess wanted)
    {
        if (!hooks.ClientAuthorize.IsUsed || client.IsSuperuser)
            return new(true);
        var request = ToRequest(client, Real(wanted));
        var asked = hooks.ClientAuthorize.RunAsync(request);
        return asked.IsCompletedSuccessfully ? new(request.Verdict ?? true) : WaitAsync(asked, request);
    }

    private async ValueTask<bool> WaitAsync(ValueTask<bool> asked, AuthorizeRequest request, AuthorizationCache cache, AuthorizationAccess access, long now) =>
        Told(request.Client, access, await asked.ConfigureAwait(false) ? Remember(cache, access, request.Verdict ?? true, now) : Count(allowed: false));

    private static async ValueTask<bool> WaitAsync(ValueTask<bool> asked, AuthorizeRequest request) =>
        await asked.ConfigureAwait(false) && (request.Verdict ?? true);

    private bool Remember(AuthorizationCache cache, in AuthorizationAccess access, bool allowed, long now)
    {
        cache.Put(access, allowed, now, CacheSize);
        return Count(allowed);
    }

    private bool Told(ClientInfo client, in AuthorizationAccess access, bool allowed)
    {
        if (hooks.ClientCheckAuthzComplete.IsUsed)
            hooks.ClientCheckAuthzComplete.Tell(new AuthorizationChecked(client, access.IsPublish, access.Topic, access.Qos, access.Retain, allowed));
        return allowed;
    }

    private bool Count(bool allowed)
    {
        counters.Increment(allowed ? Metric.AuthorizationAllow : Metric.AuthorizationDeny);
        return allowed;
    }

    /// <summary>What a publish to a topic that stands for another one is about.</summary>
    private AuthorizationAccess Real(in AuthorizationAccess wanted) =>
        wanted.IsPublish ? wanted with { Topic = hooks.AuthorizedTopic.Of(wanted.Topic) } : wanted;

    private static AuthorizeRequest ToRequest(ClientInfo client, in AuthorizationAccess access) => new()
    {
        Client = client, IsPublish = access.IsPublish, Topic = access.Topic, Qos = access.Qos, Retain = access.Retain,
    };
}
