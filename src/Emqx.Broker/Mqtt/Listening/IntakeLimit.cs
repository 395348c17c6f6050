using Emqx.Broker.Timing;

namespace Emqx.Broker.Mqtt.Listening;

/// <summary>
/// The rates that one connection keeps to, its listener's own and the node's. What has been read is handled; then nothing more is read until
/// nothing is owed, so that a publisher is held back by its own window and loses nothing.
/// </summary>
internal sealed class IntakeLimit(TimerWheel wheel, IntakeBucket[] messages, IntakeBucket[] bytes) : WheelTimer
{
    /// <summary>Milliseconds, as EMQX's max_retry_time.</summary>
    public const long LongestWait = 3_600_000;

    private TaskCompletionSource? _paid;
    private long _until;
    private long _counted;
    private int _read; // bytes that are not charged yet

    /// <summary>What a session has received before does not count.</summary>
    public void Begin(long received) => _counted = received;

    /// <summary>Counts what a read has brought; it is charged when its packets are handled.</summary>
    public void Read(int length) => _read += length;

    /// <summary>Charges what has come in since the last charge; completes when more may be read. Null: at once.</summary>
    /// <param name="received">All messages that the client has sent so far.</param>
    public Task? Charge(long received)
    {
        if (_read == 0 && received == _counted)
            return null; // waiting for what others owe too would be endless
        var wait = 0L;
        foreach (var bucket in bytes)
            wait = Math.Max(wait, bucket.Charge(_read));
        foreach (var bucket in messages)
            wait = Math.Max(wait, bucket.Charge(received - _counted));
        (_counted, _read) = (received, 0);
        if (wait == 0)
            return null;
        var paid = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _until = wheel.Steady + wait;
        Volatile.Write(ref _paid, paid);
        wheel.Set(this, _until);
        return paid.Task;
    }

    /// <summary>The connection is over: nobody waits any more.</summary>
    public void End()
    {
        wheel.Clear(this);
        Volatile.Read(ref _paid)?.TrySetResult();
    }

    protected internal override void OnDue(long now)
    {
        if (now < _until)
            wheel.Set(this, _until);
        else
            Volatile.Read(ref _paid)?.TrySetResult();
    }
}
