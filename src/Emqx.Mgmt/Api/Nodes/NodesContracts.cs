using System.Text.Json.Serialization;
using Emqx.Broker.Cluster;

namespace Emqx.Mgmt.Api.Nodes;

/// <summary>A node. Of one that is stopped only name, state and role are known.</summary>
/// <param name="Node">Its name.</param>
/// <param name="NodeStatus"><c>running</c> or <c>stopped</c>.</param>
/// <param name="Role"><c>core</c> or <c>replicant</c>.</param>
/// <param name="Version">Release of EMQX whose API it answers.</param>
/// <param name="Edition">Always <c>Opensource</c>.</param>
/// <param name="Uptime">Milliseconds since its start.</param>
/// <param name="Connections">Sessions, those of absent clients too.</param>
/// <param name="LiveConnections">Clients that are connected.</param>
/// <param name="ClusterSessions">Sessions of the whole cluster.</param>
/// <param name="Load1">Load of the machine over a minute.</param>
/// <param name="Load5">Load over five minutes.</param>
/// <param name="Load15">Load over fifteen minutes.</param>
/// <param name="MemoryTotal">Memory of the machine, <c>23.54G</c>.</param>
/// <param name="MemoryUsed">Memory in use.</param>
/// <param name="MaxFds">Files and sockets that may be open.</param>
/// <param name="ProcessAvailable">Threads that there may be.</param>
/// <param name="ProcessUsed">Threads that there are.</param>
/// <param name="OtpRelease">Name and release of the runtime.</param>
/// <param name="SysPath">Folder of the program.</param>
/// <param name="LogPath">Where its log goes.</param>
internal sealed record NodeResponse(
    string Node,
    string NodeStatus,
    string Role,
    string? Version = null,
    string? Edition = null,
    long? Uptime = null,
    long? Connections = null,
    long? LiveConnections = null,
    long? ClusterSessions = null,
    [property: JsonPropertyName("load1")] double? Load1 = null,
    [property: JsonPropertyName("load5")] double? Load5 = null,
    [property: JsonPropertyName("load15")] double? Load15 = null,
    string? MemoryTotal = null,
    string? MemoryUsed = null,
    long? MaxFds = null,
    long? ProcessAvailable = null,
    long? ProcessUsed = null,
    string? OtpRelease = null,
    string? SysPath = null,
    string? LogPath = null)
{
    /// <summary>What the API shows of a node.</summary>
    public static NodeResponse From(NodeFacts node) => node.Running is not { } runs
        ? new NodeResponse(node.Name, "stopped", node.Role)
        : new NodeResponse(node.Name, "running", node.Role, runs.Version, "Opensource", runs.Uptime, runs.Sessions, runs.LiveConnections,
            runs.ClusterSessions, runs.Host.Load1, runs.Host.Load5, runs.Host.Load15, MemoryText.Format(runs.Host.MemoryTotal),
            MemoryText.Format(runs.Host.MemoryUsed), runs.Host.MaxFiles, runs.Host.MaxThreads, runs.Host.Threads, runs.Runtime, runs.SysPath,
            runs.LogPath);
}

[JsonSerializable(typeof(NodeResponse))]
[JsonSerializable(typeof(NodeResponse[]))]
internal sealed partial class NodesJson : JsonSerializerContext;
