using Emqx.Broker.Hooks;
using Emqx.Broker.Metrics;
using Emqx.Broker.Protocol;
using Emqx.Broker.Timing;

namespace Emqx.Broker.Access;

/// <summary>Asks whether a client may publish or subscribe: the cache of its connection first, then the hook client.authorize.</summary>
internal sealed class Authorizer(BrokerHooks hooks, Counters counters, TimerWheel wheel)
{
    private const int CacheSize = 32;

    /// <summary>How long a decision is remembered, milliseconds (EMQX's authorization.cache.ttl).</summary>
    public const long CacheTtl = 60_000;

    /// <summary>Whether the client may; nobody's objection allows.</summary>
    public bool IsAllowed(ClientInfo client, AuthorizationCache cache, in AuthorizationAccess access)
    {
        var cells = counters.Mine();
        cells[(int)Metric.ClientAuthorize]++;
        var now = wheel.Coarse;
        if (cache.TryGet(access, now, CacheTtl, out var allowed))
            cells[(int)Metric.AuthorizationCacheHit]++;
        else
        {
            cells[(int)Metric.AuthorizationCacheMiss]++;
            allowed = Ask(client, access);
            cache.Put(access, allowed, now, CacheSize);
        }

        cells[(int)(allowed ? Metric.AuthorizationAllow : Metric.AuthorizationDeny)]++;
        return allowed;
    }

    /// <summary>Without a cache: for wills, whose connection is gone.</summary>
    public bool Ask(ClientInfo client, in AuthorizationAccess access)
    {
        if (!hooks.ClientAuthorize.IsUsed)
            return true;
        var request = new AuthorizeRequest
        {
            Client = client, IsPublish = access.IsPublish, Topic = access.Topic, Qos = access.Qos, Retain = access.Retain,
        };
        hooks.ClientAuthorize.Run(request);
        return request.Verdict ?? true;
    }
}
