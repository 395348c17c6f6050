namespace Emqx.Broker.Cluster;

/// <summary>Something that a node has said, with the node's name.</summary>
internal readonly record struct NodeTagged<T>(string Node, T Value);
