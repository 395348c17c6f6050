using Emqx.Broker.Access.Authz;
using Emqx.Broker.Protocol;
using Emqx.Broker.Settings;

namespace Emqx.Broker.Access;

/// <summary>What holds for the caches of all connections.</summary>
internal sealed class AuthorizationCaches(SettingsRoot<AuthorizationSettings> settings) : IAuthorizationCacheControl
{
    private int _generation;

    /// <summary>Makes all connections forget, each when it is next asked: a decision that is on its way is not remembered either.</summary>
    public void Drain() => Interlocked.Increment(ref _generation);

    public ValueTask DrainAsync(CancellationToken cancellation)
    {
        Drain();
        return ValueTask.CompletedTask;
    }

    /// <summary>What counts at a time, steady milliseconds.</summary>
    public AuthorizationCacheTerms TermsAt(long now)
    {
        var cache = settings.Current.Cache;
        return new(now, cache.Enable ? cache.Ttl : 0, cache.MaxSize, Volatile.Read(ref _generation));
    }

    /// <summary>Whether decisions on a topic are remembered.</summary>
    public bool Takes(string topic)
    {
        var cache = settings.Current.Cache;
        if (!cache.Enable)
            return false;
        for (var i = 0; i < cache.Excludes.Count; i++)
        {
            if (TopicMatcher.Matches(topic, cache.Excludes[i]))
                return false;
        }

        return true;
    }
}
