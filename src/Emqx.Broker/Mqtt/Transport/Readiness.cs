using System.Threading.Tasks.Sources;

namespace Emqx.Broker.Mqtt.Transport;

/// <summary>That a socket can be read, or written, for the one who waits for it. It lasts until somebody has seen it; waiting allocates nothing.</summary>
internal sealed class Readiness : IValueTaskSource<int>
{
    private static readonly Action<object?> s_ready = static _ => { };

    private Action<object?>? _waiting; // or that it is so already
    private object? _state;

    /// <summary>Waits until it is so. One at a time may; the number says nothing.</summary>
    public ValueTask<int> WaitAsync() => new(this, 0);

    /// <summary>It is so: whoever waits goes on here and now.</summary>
    public void Set()
    {
        if (Take(out var state) is { } waiting)
            waiting(state);
    }

    /// <summary>It is so, told by somebody who has no time for what follows.</summary>
    public void SetElsewhere()
    {
        if (Take(out var state) is { } waiting)
            ThreadPool.UnsafeQueueUserWorkItem(waiting, state, preferLocal: false);
    }

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) =>
        ReferenceEquals(Volatile.Read(ref _waiting), s_ready) ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        _state = state;
        if (Interlocked.CompareExchange(ref _waiting, continuation, null) is null)
            return;
        _state = null; // it has become so meanwhile
        ThreadPool.UnsafeQueueUserWorkItem(continuation, state, preferLocal: false);
    }

    int IValueTaskSource<int>.GetResult(short token)
    {
        Volatile.Write(ref _waiting, null); // before whoever has waited looks: what comes now is a new one
        return 0;
    }

    private Action<object?>? Take(out object? state)
    {
        state = null;
        var waiting = Interlocked.Exchange(ref _waiting, s_ready);
        if (waiting is null || ReferenceEquals(waiting, s_ready))
            return null;
        (state, _state) = (_state, null);
        return waiting;
    }
}
