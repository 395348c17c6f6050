using Emqx.Broker.Access;
using Emqx.Broker.Routing;

namespace Emqx.Broker.Clients;

/// <summary>Acts on clients, wherever in the cluster they are.</summary>
internal interface IClientControl
{
    /// <summary>Ends the connection and the session of a client.</summary>
    ValueTask<ControlOutcome> KickAsync(string clientId, CancellationToken cancellation);

    /// <summary>Ends many; unknown ids do not matter.</summary>
    ValueTask<ControlOutcome> KickAsync(IReadOnlyList<string> clientIds, CancellationToken cancellation);

    /// <summary>The subscriptions of one client.</summary>
    ValueTask<ControlResult<Subscription[]>> GetSubscriptionsAsync(string clientId, CancellationToken cancellation);

    /// <summary>Subscribes a client to filters, in order; each has its own result.</summary>
    ValueTask<ControlResult<SubscribeResult[]>> SubscribeAsync(string clientId, IReadOnlyList<SubscribeOrder> orders, CancellationToken cancellation);

    /// <summary>Unsubscribes a client from filters; those it had not do not matter.</summary>
    ValueTask<ControlOutcome> UnsubscribeAsync(string clientId, IReadOnlyList<string> filters, CancellationToken cancellation);

    /// <summary>Changes the keepalive (seconds; 0 for none) and gives the client as it is then.</summary>
    ValueTask<ControlResult<ClientRow>> SetKeepAliveAsync(string clientId, int seconds, CancellationToken cancellation);

    /// <summary>The authorization decisions that are remembered for a client.</summary>
    ValueTask<ControlResult<AuthorizationCacheEntry[]>> GetAuthorizationCacheAsync(string clientId, CancellationToken cancellation);

    ValueTask<ControlOutcome> ClearAuthorizationCacheAsync(string clientId, CancellationToken cancellation);

    /// <summary>A slice of the queue (mqueue) or of the deliveries in flight.</summary>
    ValueTask<ControlResult<MessageSlice>> GetMessagesAsync(string clientId, MessageSliceQuery query, CancellationToken cancellation);
}

/// <summary>How an order about a client ended.</summary>
internal enum ControlStatus
{
    Done,
    UnknownClient,

    /// <summary>The node that has the client did not answer.</summary>
    BadRpc,
}

/// <param name="Reason">Of <see cref="ControlStatus.BadRpc"/>, for people.</param>
internal readonly record struct ControlOutcome(ControlStatus Status, string? Reason = null)
{
    public static readonly ControlOutcome Done = new(ControlStatus.Done);
    public static readonly ControlOutcome UnknownClient = new(ControlStatus.UnknownClient);
}

/// <summary>An outcome with what was asked for.</summary>
/// <param name="Node">The node that has the client.</param>
internal readonly record struct ControlResult<T>(ControlOutcome Outcome, string Node, T? Value)
{
    public static readonly ControlResult<T> UnknownClient = new(ControlOutcome.UnknownClient, "", default);

    public static ControlResult<T> Of(string node, T value) => new(ControlOutcome.Done, node, value);
}

/// <summary>A filter, as given, and the options asked for. Values beyond MQTT's are shown as given and applied as far as they go.</summary>
internal sealed record SubscribeOrder(string Filter, int Qos, int NoLocal, int RetainAsPublished, int RetainHandling);

/// <summary>What became of one <see cref="SubscribeOrder"/>; a null failure: done.</summary>
internal readonly record struct SubscribeResult(SubscribeOrder Order, SubscribeFailure? Failure);

/// <summary>Why a subscription for a client was refused.</summary>
internal enum SubscribeFailure
{
    /// <summary>No-local on a shared subscription (MQTT 5, 3.8.3.1).</summary>
    NoLocalOnShared,

    /// <summary><c>$share/group</c> without a topic, or the like.</summary>
    InvalidFilter,

    /// <summary>The broker refused: exclusive topic taken, too many subscriptions.</summary>
    Refused,
}
