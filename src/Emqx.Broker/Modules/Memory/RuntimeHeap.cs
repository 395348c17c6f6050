using System.Runtime.InteropServices;

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
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            TrimNative();
        }
        else
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
        }
    }

    /// <summary>What libraries have freed (SQLite, OpenSSL, the runtime itself) goes back too, where the system's allocator keeps it until it is asked.</summary>
    private static void TrimNative()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = Native.Trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // An allocator of another kind.
        }
        catch (DllNotFoundException)
        {
        }
    }

    private static class Native
    {
        [DllImport("libc", EntryPoint = "malloc_trim")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Trim(nuint keep);
    }
}
