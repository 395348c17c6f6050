namespace Emqx.Broker.Metrics;

/// <summary>How many of each thing there are at this moment.</summary>
internal struct NodeGauges
{
    /// <summary>Sessions, those of absent clients too.</summary>
    public long Sessions;

    /// <summary>Sessions whose client is connected.</summary>
    public long LiveConnections;

    /// <summary>Pairs of session and topic filter, shared ones too.</summary>
    public long Subscriptions;
    public long SharedSubscriptions;

    /// <summary>Distinct topic filters.</summary>
    public long Topics;
    public long Retained;
    public long Delayed;
}
