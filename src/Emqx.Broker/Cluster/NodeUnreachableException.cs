namespace Emqx.Broker.Cluster;

/// <summary>Another node is known but did not answer (EMQX: badrpc). The API says BAD_RPC.</summary>
internal sealed class NodeUnreachableException(string node, string reason) : Exception($"Bad node {node}, rpc failed {reason}")
{
    public string Node { get; } = node;
    public string Reason { get; } = reason;
}
