namespace Emqx.Broker.Modules.Memory;

/// <summary>The heap of this process's runtime.</summary>
internal sealed class RuntimeHeap : IHeap
{
    public long Allocated => GC.GetTotalAllocatedBytes();

    public long Live => GC.GetGCMemoryInfo(GCKind.Any).HeapSizeBytes;

    public long Available => GC.GetGCMemoryInfo(GCKind.Any).TotalAvailableMemoryBytes;

    public long Resident => Environment.WorkingSet;

    public void Collect(bool atOnce)
    {
        if (atOnce)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        else
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
    }
}
