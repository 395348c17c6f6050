using Emqx.Broker.Access;
using Emqx.Broker.Cluster;
using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;
using Emqx.Broker.Sessions;
using Emqx.Broker.Timing;

namespace Emqx.Broker.Clients;

/// <summary>Acts on the clients of this node.</summary>
internal sealed class LocalClientControl(ISessionActions sessions, NodeIdentity node, TimeProvider time, AuthorizationCaches caches) : IClientControl
{
    public ValueTask<ControlOutcome> KickAsync(string clientId, CancellationToken cancellation)
    {
        var session = sessions.Find(clientId);
        return new(session is not null && sessions.Kick(session) ? ControlOutcome.Done : ControlOutcome.UnknownClient);
    }

    public ValueTask<ControlOutcome> KickAsync(IReadOnlyList<string> clientIds, CancellationToken cancellation)
    {
        foreach (var clientId in clientIds)
        {
            cancellation.ThrowIfCancellationRequested();
            if (sessions.Find(clientId) is { } session)
                sessions.Kick(session);
        }

        return new(ControlOutcome.Done);
    }

    public ValueTask<ControlResult<Subscription[]>> GetSubscriptionsAsync(string clientId, CancellationToken cancellation) =>
        new(sessions.Find(clientId) is { } session ? Result(session.GetSubscriptions()) : ControlResult<Subscription[]>.UnknownClient);

    public ValueTask<ControlResult<SubscribeResult[]>> SubscribeAsync(string clientId, IReadOnlyList<SubscribeOrder> orders,
        CancellationToken cancellation)
    {
        if (sessions.Find(clientId) is not { } session)
            return new(ControlResult<SubscribeResult[]>.UnknownClient);
        var results = new SubscribeResult[orders.Count];
        for (var i = 0; i < results.Length; i++)
            results[i] = new SubscribeResult(orders[i], Subscribe(session, orders[i]));
        return new(Result(results));
    }

    private SubscribeFailure? Subscribe(Session session, SubscribeOrder order)
    {
        if (LacksTopic(order.Filter))
            return SubscribeFailure.InvalidFilter;
        if (order.NoLocal == 1 && TopicFilter.IsShared(order.Filter))
            return SubscribeFailure.NoLocalOnShared;
        var options = new SubscriptionOptions((byte)order.Qos, order.NoLocal == 1, order.RetainAsPublished == 1,
            (byte)Math.Clamp(order.RetainHandling, 0, 2), 0);
        return sessions.Subscribe(session, order.Filter, options) < 0x80 ? null : SubscribeFailure.Refused;
    }

    // $share/group without a topic, or with a wildcard for a group.
    private static bool LacksTopic(string filter)
    {
        if (!TopicFilter.IsShared(filter))
            return false;
        var rest = filter.AsSpan(filter.IndexOf('/') + 1);
        if (filter.StartsWith(TopicFilter.QueueGroup, StringComparison.Ordinal))
            return rest.IsEmpty;
        var cut = rest.IndexOf('/');
        return cut <= 0 || cut == rest.Length - 1 || rest[..cut].IndexOfAny('+', '#') >= 0;
    }

    public ValueTask<ControlOutcome> UnsubscribeAsync(string clientId, IReadOnlyList<string> filters, CancellationToken cancellation)
    {
        if (sessions.Find(clientId) is not { } session)
            return new(ControlOutcome.UnknownClient);
        foreach (var filter in filters)
        {
            if (!LacksTopic(filter))
                sessions.Unsubscribe(session, filter);
        }

        return new(ControlOutcome.Done);
    }

    public ValueTask<ControlResult<ClientRow>> SetKeepAliveAsync(string clientId, int seconds, CancellationToken cancellation)
    {
        if (sessions.Find(clientId) is not { } session)
            return new(ControlResult<ClientRow>.UnknownClient);
        sessions.SetKeepAlive(session, seconds);
        return new(Result(new ClientRow(node.Name, session)));
    }

    public ValueTask<ControlResult<AuthorizationCacheEntry[]>> GetAuthorizationCacheAsync(string clientId, CancellationToken cancellation)
    {
        if (sessions.Find(clientId) is not { } session)
            return new(ControlResult<AuthorizationCacheEntry[]>.UnknownClient);
        var cache = sessions.AuthorizationCacheOf(session);
        var now = time.SteadyMilliseconds();
        var ahead = time.GetUtcNow().ToUnixTimeMilliseconds() - now;
        return new(Result(cache is null ? [] : Array.ConvertAll(cache.Read(caches.TermsAt(now)), entry => entry with { UpdatedAt = entry.UpdatedAt + ahead })));
    }

    public ValueTask<ControlOutcome> ClearAuthorizationCacheAsync(string clientId, CancellationToken cancellation)
    {
        if (sessions.Find(clientId) is not { } session)
            return new(ControlOutcome.UnknownClient);
        sessions.AuthorizationCacheOf(session)?.Clear();
        return new(ControlOutcome.Done);
    }

    public ValueTask<ControlResult<MessageSlice>> GetMessagesAsync(string clientId, MessageSliceQuery query, CancellationToken cancellation)
    {
        if (sessions.Find(clientId) is not { } session)
            return new(ControlResult<MessageSlice>.UnknownClient);
        var all = query.List == MessageList.Mqueue ? session.GetQueued() : session.GetInflight();
        return new(Result(MessageSlice.Cut(all, query)));
    }

    private ControlResult<T> Result<T>(T value) => ControlResult<T>.Of(node.Name, value);
}
