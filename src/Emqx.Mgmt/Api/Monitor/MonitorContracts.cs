using System.Text.Json.Serialization;
using Emqx.Broker.Monitoring;
using Emqx.Broker.Schema;
using Emqx.Mgmt.Api.Validation;

namespace Emqx.Mgmt.Api.Monitor;

/// <summary>How far back the history is wanted.</summary>
/// <param name="Latest">Seconds; left out: as far as there is any.</param>
internal sealed record MonitorQuery([Between(1, long.MaxValue, Expected = "1..inf")] long? Latest = null) : IQueryString<MonitorQuery>;

/// <summary>One sample. Where the node was down only the time is there.</summary>
/// <param name="TimeStamp">Milliseconds since 1970.</param>
/// <param name="Received">Messages received since the sample before; so the next seven.</param>
/// <param name="Connections">Sessions at that moment; so the rest.</param>
internal sealed record MonitorSampleResponse(
    long TimeStamp,
    long? Received = null,
    long? Sent = null,
    long? Dropped = null,
    long? Persisted = null,
    long? ValidationSucceeded = null,
    long? ValidationFailed = null,
    long? TransformationSucceeded = null,
    long? TransformationFailed = null,
    long? Connections = null,
    long? LiveConnections = null,
    long? Subscriptions = null,
    long? SubscriptionsDurable = null,
    long? SubscriptionsRam = null,
    long? DisconnectedDurableSessions = null,
    long? Topics = null)
{
    /// <summary>What the API shows of a point of the history.</summary>
    /// <param name="point">The point.</param>
    /// <param name="ofCluster">The cluster's samples have subscriptions_ram, those of a node have not.</param>
    public static MonitorSampleResponse From(MonitorPoint point, bool ofCluster) => point.Sample is not { } one
        ? new MonitorSampleResponse(point.At)
        : new MonitorSampleResponse(point.At, one.Received, one.Sent, one.Dropped, one.Persisted, one.ValidationSucceeded, one.ValidationFailed,
            one.TransformationSucceeded, one.TransformationFailed, one.Connections, one.LiveConnections, one.Subscriptions,
            one.SubscriptionsDurable, ofCluster ? one.SubscriptionsRam : null, one.DisconnectedDurableSessions, one.Topics);
}

/// <summary>Rates a second, whole numbers, and table sizes.</summary>
/// <param name="NodeUptime">Milliseconds; of a single node alone.</param>
internal sealed record MonitorRatesResponse(
    long Connections,
    long LiveConnections,
    long Subscriptions,
    long Topics,
    long ReceivedMsgRate,
    long SentMsgRate,
    long DroppedMsgRate,
    long PersistedRate,
    long ValidationSucceededRate,
    long ValidationFailedRate,
    long TransformationSucceededRate,
    long TransformationFailedRate,
    long RetainedMsgCount,
    long SharedSubscriptions,
    long? SubscriptionsRam = null,
    long? SubscriptionsDurable = null,
    long? DisconnectedDurableSessions = null,
    long? NodeUptime = null)
{
    /// <summary>What the API shows of a node's rates.</summary>
    public static MonitorRatesResponse OfNode(MonitorRates rates) => From(rates) with { NodeUptime = rates.Uptime };

    /// <summary>What the API shows of the cluster's rates.</summary>
    public static MonitorRatesResponse OfCluster(MonitorRates rates) => From(rates) with
    {
        SubscriptionsRam = rates.Gauges.Subscriptions, SubscriptionsDurable = 0, DisconnectedDurableSessions = 0,
    };

    private static MonitorRatesResponse From(MonitorRates rates) => new(rates.Gauges.Sessions, rates.Gauges.LiveConnections,
        rates.Gauges.Subscriptions, rates.Gauges.Topics, rates.Received, rates.Sent, rates.Dropped, rates.Persisted, rates.ValidationSucceeded,
        rates.ValidationFailed, rates.TransformationSucceeded, rates.TransformationFailed, rates.Gauges.Retained, rates.Gauges.SharedSubscriptions);
}

[JsonSerializable(typeof(MonitorSampleResponse[]))]
[JsonSerializable(typeof(MonitorRatesResponse))]
internal sealed partial class MonitorJson : JsonSerializerContext;
