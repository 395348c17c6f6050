namespace Emqx.Broker.Timing;

/// <summary>
/// A thread of its own that calls at a pace. The runtime's timers wake one thread to wake another, three times for each call; beside sockets that
/// keep the processors busy, each such wake-up costs somebody else's turn.
/// </summary>
internal sealed class TickThread : IDisposable
{
    private const int StackBytes = 512 * 1024;

    private readonly ManualResetEvent _end = new(initialState: false);
    private readonly Action _tick;
    private readonly int _milliseconds;

    public TickThread(string name, int milliseconds, Action tick)
    {
        (_tick, _milliseconds) = (tick, milliseconds);
        new Thread(Run, StackBytes) { IsBackground = true, Name = name }.UnsafeStart();
    }

    /// <summary>No more calls but one that may be under way.</summary>
    public void Dispose() => _end.Set();

    private void Run()
    {
        while (!_end.WaitOne(_milliseconds))
            _tick();
        _end.Dispose();
    }
}
