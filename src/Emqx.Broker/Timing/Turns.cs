using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Emqx.Broker.Timing;

/// <summary>
/// Where work goes on that is too long for one go: a slice a turn, everybody in line, as many at once as there are processors. However
/// many wait here, whoever else needs the thread pool waits for a slice each thread and not for all of them.
/// </summary>
internal readonly struct Turns : ICriticalNotifyCompletion
{
    private static readonly ConcurrentQueue<Action> s_waiting = new();
    private static readonly Runner s_runner = new();
    private static readonly int s_most = Math.Max(1, Environment.ProcessorCount);
    private static int s_running;

    /// <summary>Await it at the end of a slice: what follows is the next one, on a thread of the pool.</summary>
    public static Turns Next() => default;

    /// <summary>Waits for a turn, as a task.</summary>
    public static async ValueTask NextAsync() => await Next();

    /// <summary>Puts a slice in line.</summary>
    public static void Queue(Action slice)
    {
        s_waiting.Enqueue(slice);
        Start();
    }

    public bool IsCompleted => false;

    public Turns GetAwaiter() => this;

    public void GetResult()
    {
    }

    public void OnCompleted(Action continuation) => Queue(continuation);

    public void UnsafeOnCompleted(Action continuation) => Queue(continuation);

    private static void Start()
    {
        var running = Volatile.Read(ref s_running);
        while (running < s_most && !s_waiting.IsEmpty)
        {
            var before = Interlocked.CompareExchange(ref s_running, running + 1, running);
            if (before == running)
            {
                ThreadPool.UnsafeQueueUserWorkItem(s_runner, preferLocal: false);
                return;
            }

            running = before;
        }
    }

    /// <summary>One of those that take slices: behind each it goes to the end of the pool's own queue.</summary>
    private sealed class Runner : IThreadPoolWorkItem
    {
        public void Execute()
        {
            if (s_waiting.TryDequeue(out var slice))
                slice();
            if (!s_waiting.IsEmpty)
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                return;
            }

            Interlocked.Decrement(ref s_running);
            Start(); // somebody may have come between the two
        }
    }
}
