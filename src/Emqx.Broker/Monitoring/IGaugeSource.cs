namespace Emqx.Broker.Monitoring;

/// <summary>Whoever knows one of the node's table sizes. Reading must be O(1) and free of locks that are held for long.</summary>
internal interface IGaugeSource
{
    /// <summary>Fills in the fields that it knows.</summary>
    void Read(ref NodeGauges gauges);
}

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
