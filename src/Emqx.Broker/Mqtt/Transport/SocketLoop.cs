using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Emqx.Broker.Messages;
using Emqx.Broker.Timing;

namespace Emqx.Broker.Mqtt.Transport;

/// <summary>
/// A thread that waits for many sockets at once (epoll, edge-triggered) and goes on with whoever waits for one of them. What a round of ready
/// sockets caused to be sent is flushed once, at its end. The process has one for two processors: the kernel's part of the same work, HTTP and TLS
/// take as much again, and a loop that is busy finds more at once.
/// </summary>
internal sealed class SocketLoop
{
    private const int MostEvents = 256;
    private const int FirstSlots = 64;

    private static readonly Lazy<SocketLoop[]> s_loops = new(StartAll);
    private static readonly long s_longestRound = Stopwatch.Frequency / 2000; // half a millisecond
    private static int s_next;

    [ThreadStatic]
    private static SocketLoop? s_current;

    // The kernel's struct has no padding on x64 alone.
    private static readonly int s_eventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    private readonly int _epoll;
    private readonly byte[] _events = GC.AllocateArray<byte>(MostEvents * s_eventSize, pinned: true);
    private readonly Queue<PolledTransport> _again = new(); // on its own thread alone
    private readonly Lock _gate = new();
    private readonly Stack<int> _free = new();
    private PolledTransport?[] _slots = new PolledTransport?[FirstSlots];
    private int _used;

    private SocketLoop()
    {
        _epoll = Native.Create(Native.CloseOnExec);
        if (_epoll < 0)
            throw new SocketException(Marshal.GetLastPInvokeError());
        new Thread(Run) { IsBackground = true, Name = "MQTT sockets" }.UnsafeStart();
    }

    /// <summary>Whether this platform has it.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux();

    /// <summary>The loop for one more socket.</summary>
    public static SocketLoop Next()
    {
        var loops = s_loops.Value;
        return loops[(uint)Interlocked.Increment(ref s_next) % (uint)loops.Length];
    }

    /// <summary>Begins to tell a transport what becomes of its socket; returns its place here.</summary>
    public int Add(PolledTransport transport, int socket)
    {
        int slot;
        lock (_gate)
        {
            if (!_free.TryPop(out slot))
            {
                slot = _used++;
                if (slot == _slots.Length)
                    Array.Resize(ref _slots, slot * 2);
            }

            Volatile.Write(ref _slots[slot], transport);
        }

        Span<byte> told = stackalloc byte[16];
        told.Clear();
        MemoryMarshal.Write(told, Native.In | Native.Out | Native.PeerEnded | Native.EdgeTriggered);
        MemoryMarshal.Write(told[(s_eventSize - sizeof(long))..], (long)slot);
        if (Native.Control(_epoll, Native.Add, socket, ref MemoryMarshal.GetReference(told)) == 0)
            return slot;
        var error = Marshal.GetLastPInvokeError();
        Remove(slot);
        throw new SocketException(error);
    }

    /// <summary>Nothing is told any more; closing the socket is the caller's.</summary>
    public void Remove(int slot)
    {
        lock (_gate)
        {
            _slots[slot] = null;
            _free.Push(slot);
        }
    }

    /// <summary>Whether this is its thread.</summary>
    public bool IsCurrent => s_current == this;

    /// <summary>There may be more to read: its turn comes again behind those that are ready now.</summary>
    public void Again(PolledTransport transport)
    {
        if (IsCurrent)
            _again.Enqueue(transport);
        else
            Turns.Queue(transport.ReadOn);
    }

    private static SocketLoop[] StartAll()
    {
        var loops = new SocketLoop[Math.Max(1, Environment.ProcessorCount / 2)];
        for (var i = 0; i < loops.Length; i++)
            loops[i] = new SocketLoop();
        return loops;
    }

    private void Run()
    {
        s_current = this;
        while (true)
        {
            var count = Native.Wait(_epoll, _events, MostEvents, _again.Count == 0 ? -1 : 0);
            var began = Stopwatch.GetTimestamp();
            var batch = FlushBatch.Begin();
            for (var i = 0; i < count; i++)
            {
                var at = _events.AsSpan(i * s_eventSize);
                var slot = MemoryMarshal.Read<int>(at[(s_eventSize - sizeof(long))..]);
                Volatile.Read(ref Volatile.Read(ref _slots)[slot])?.Told(MemoryMarshal.Read<uint>(at));
                if (Stopwatch.GetTimestamp() - began < s_longestRound)
                    continue;
                batch.End();
                batch = FlushBatch.Begin();
                began = Stopwatch.GetTimestamp();
            }

            if (_again.TryDequeue(out var next))
                next.ReadOn();
            batch.End();
        }
    }

    internal static class Native
    {
        public const int CloseOnExec = 0x80000;
        public const int Add = 1;
        public const uint In = 0x1;
        public const uint Out = 0x4;
        public const uint Error = 0x8;
        public const uint HangUp = 0x10;
        public const uint PeerEnded = 0x2000;
        public const uint EdgeTriggered = 1u << 31;

        [DllImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Create(int flags);

        [DllImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Control(int epoll, int operation, int descriptor, ref byte told);

        [DllImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Wait(int epoll, byte[] events, int most, int milliseconds);
    }
}
