namespace Emqx.Broker.Cluster;

/// <summary>Who this node is.</summary>
/// <param name="Name">EMQX's node name, <c>emqx@127.0.0.1</c>.</param>
/// <param name="StartedAt">Unix milliseconds.</param>
/// <param name="DataFolder">Where everything is kept; <see cref="InMemory"/> keeps nothing.</param>
internal sealed record NodeIdentity(string Name, long StartedAt, string DataFolder)
{
    /// <summary>The release of EMQX whose interface is answered.</summary>
    public const string Version = "5.8.9";

    /// <summary>The data folder of a node that keeps nothing on disk.</summary>
    public const string InMemory = ":memory:";

    /// <summary>Whether all is gone when the node stops.</summary>
    public bool KeepsNothing => DataFolder == InMemory;
}
