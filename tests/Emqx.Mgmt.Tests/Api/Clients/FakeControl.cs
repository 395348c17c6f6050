using Emqx.Broker.Access;
using Emqx.Broker.Clients;
using Emqx.Broker.Routing;

namespace Emqx.Mgmt.Tests.Api.Clients;

/// <summary>Clients of a node that exists only in a test: takes down what it is told to do. Client "lost" is on a node that does not answer.</summary>
internal sealed class FakeControl : IClientControl
{
    public const string Known = "known", Lost = "lost", Node = "emqx@other";

    public List<string> Orders { get; } = [];
    public AuthorizationCacheEntry[] Cache { get; set; } = [];
    public MessageSlice Slice { get; set; } = new(default, null, null);
    public ClientRow Row { get; set; }
    public MessageSliceQuery? Query { get; private set; }

    private static ControlOutcome Outcome(string clientId) => clientId switch
    {
        Known => ControlOutcome.Done,
        Lost => new ControlOutcome(ControlStatus.BadRpc, "badrpc: nodedown"),
        _ => ControlOutcome.UnknownClient,
    };

    private ValueTask<ControlOutcome> Done(string clientId, string order)
    {
        Orders.Add(order);
        return new(Outcome(clientId));
    }

    private static ValueTask<ControlResult<T>> Result<T>(string clientId, T value) => new(new ControlResult<T>(Outcome(clientId), Node, value));

    public ValueTask<ControlOutcome> KickAsync(string clientId, CancellationToken cancellation) => Done(clientId, "kick " + clientId);

    public ValueTask<ControlOutcome> KickAsync(IReadOnlyList<string> clientIds, CancellationToken cancellation) =>
        Done(clientIds.Contains(Lost) ? Lost : Known, "kick " + string.Join(' ', clientIds));

    public ValueTask<ControlResult<Subscription[]>> GetSubscriptionsAsync(string clientId, CancellationToken cancellation) =>
        Result<Subscription[]>(clientId, []);

    public ValueTask<ControlResult<SubscribeResult[]>> SubscribeAsync(string clientId, IReadOnlyList<SubscribeOrder> orders, CancellationToken cancellation)
    {
        Orders.AddRange(orders.Select(order => order.ToString()));
        return Result<SubscribeResult[]>(clientId, [.. orders.Select(order => new SubscribeResult(order, order.Filter switch
        {
            "$share/g" => SubscribeFailure.InvalidFilter,
            "$share/g/t" when order.NoLocal == 1 => SubscribeFailure.NoLocalOnShared,
            _ => null,
        }))]);
    }

    public ValueTask<ControlOutcome> UnsubscribeAsync(string clientId, IReadOnlyList<string> filters, CancellationToken cancellation) =>
        Done(clientId, "unsubscribe " + string.Join(' ', filters));

    public ValueTask<ControlResult<ClientRow>> SetKeepAliveAsync(string clientId, int seconds, CancellationToken cancellation)
    {
        Orders.Add("keepalive " + seconds);
        return Result(clientId, Row);
    }

    public ValueTask<ControlResult<AuthorizationCacheEntry[]>> GetAuthorizationCacheAsync(string clientId, CancellationToken cancellation) =>
        Result(clientId, Cache);

    public ValueTask<ControlOutcome> ClearAuthorizationCacheAsync(string clientId, CancellationToken cancellation) => Done(clientId, "clear");

    public ValueTask<ControlResult<MessageSlice>> GetMessagesAsync(string clientId, MessageSliceQuery query, CancellationToken cancellation)
    {
        Query = query;
        return Result(clientId, Slice);
    }
}
