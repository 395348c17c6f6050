namespace Emqx.Broker.Routing;

/// <summary>A search for a topic's route that has not come to its end yet: many filters look like the topic for many levels.</summary>
internal sealed class RouteSearch
{
    private readonly Router _router;
    private readonly string _topic;
    private readonly (int Stripe, long Exact, long Wildcard) _at;
    private WildcardMatch _match;
    private LeafBuffer _found;

    internal RouteSearch(Router router, string topic, (int, long, long) at, WildcardMatch match, LeafBuffer found)
    {
        (_router, _topic, _at) = (router, topic, at);
        (_match, _found) = (match, found);
    }

    /// <summary>Goes on for a number of steps. The route, or null where there is more to look at.</summary>
    public Route? Go(int budget)
    {
        if (!_match.Go(_topic, ref _found, ref budget))
            return null;
        _match.Return();
        return new Route(_router, _found.Take(), _at.Stripe, _at.Exact, _at.Wildcard);
    }
}
