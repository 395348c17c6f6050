namespace Emqx.Broker.Modules.Memory;

/// <summary>The process's managed memory.</summary>
internal interface IHeap
{
    /// <summary>Bytes allocated since the process's start.</summary>
    long Allocated { get; }

    /// <summary>Bytes that were alive after the last collection.</summary>
    long Live { get; }

    /// <summary>Bytes that the process may use: the machine's, or its container's.</summary>
    long Available { get; }

    /// <summary>Bytes that the process has resident.</summary>
    long Resident { get; }

    /// <summary>Collects everything and gives the system what is free.</summary>
    /// <param name="atOnce">Stops the node until it is done, and compacts; else it goes on beside the node's work.</param>
    void Collect(bool atOnce);
}
