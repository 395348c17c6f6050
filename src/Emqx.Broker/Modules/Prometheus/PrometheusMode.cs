namespace Emqx.Broker.Modules.Prometheus;

/// <summary>Whose metrics are shown.</summary>
internal enum PrometheusMode
{
    /// <summary>This node's.</summary>
    Node,

    /// <summary>Those of all nodes, added up where that means something.</summary>
    AllNodesAggregated,

    /// <summary>Those of all nodes, each with its node's name.</summary>
    AllNodesUnaggregated,
}
