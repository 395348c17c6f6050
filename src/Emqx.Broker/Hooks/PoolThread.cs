using System.Runtime.CompilerServices;

namespace Emqx.Broker.Hooks;

/// <summary>
/// Goes on as a work item of the thread pool. Who completes a wait may hold a lock, or be in the middle of another
/// connection's packets: what waited must not run on top of that.
/// </summary>
internal readonly struct PoolThread : ICriticalNotifyCompletion
{
    /// <summary>Await it to leave the present thread.</summary>
    public static PoolThread Switch() => default;

    public bool IsCompleted => false;

    public PoolThread GetAwaiter() => this;

    public void GetResult()
    {
    }

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation) =>
        ThreadPool.UnsafeQueueUserWorkItem(static next => next(), continuation, preferLocal: false);
}
