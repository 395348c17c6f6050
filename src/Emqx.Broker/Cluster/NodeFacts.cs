namespace Emqx.Broker.Cluster;

/// <summary>What <c>/nodes</c> tells of one node.</summary>
/// <param name="Name">EMQX's node name.</param>
/// <param name="Role">core or replicant.</param>
/// <param name="Running">Null for a node that is stopped or cannot be reached.</param>
internal sealed record NodeFacts(string Name, string Role, RunningNode? Running);

/// <summary>The facts of a node that runs.</summary>
/// <param name="Version">Release of EMQX that it answers as.</param>
/// <param name="Uptime">Milliseconds.</param>
/// <param name="Sessions">Sessions, those of absent clients too.</param>
/// <param name="LiveConnections">Sessions whose client is connected.</param>
/// <param name="ClusterSessions">Sessions of the whole cluster.</param>
/// <param name="Host">The machine and the process.</param>
/// <param name="Runtime">Name and release of the runtime (EMQX: otp_release).</param>
/// <param name="SysPath">Folder of the program.</param>
/// <param name="LogPath">Where log files are.</param>
internal sealed record RunningNode(string Version, long Uptime, long Sessions, long LiveConnections, long ClusterSessions, HostReading Host,
    string Runtime, string SysPath, string LogPath);

/// <summary>A look at the machine.</summary>
/// <param name="MemoryTotal">Bytes.</param>
/// <param name="MemoryUsed">Bytes that are not available to new programs.</param>
/// <param name="MaxFiles">Files and sockets that the process may have open.</param>
/// <param name="MaxThreads">Threads that the process may have.</param>
/// <param name="Threads">Threads that it has.</param>
internal sealed record HostReading(double Load1, double Load5, double Load15, long MemoryTotal, long MemoryUsed, long MaxFiles, long MaxThreads,
    long Threads);
