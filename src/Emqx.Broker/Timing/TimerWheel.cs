using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Timing;

/// <summary>
/// The one clock work of the broker: keep alive, idle connections, session expiry, will delay, retries. A hashed wheel
/// of intrusive lists: setting and clearing a timer is O(1) and allocates nothing, whatever the number of clients. It turns by
/// steady time, so that a wall clock that is set has no part in it.
/// </summary>
internal sealed class TimerWheel : IDisposable
{
    /// <summary>Milliseconds between two ticks: how late a timer may be.</summary>
    public const int TickMilliseconds = 50;
    private const int SlotCount = 1024;

    private readonly Lock _gate = new();
    private readonly WheelTimer?[] _slots = new WheelTimer?[SlotCount];
    private readonly TimeProvider _time;
    private readonly ILogger<TimerWheel> _logger;
    private readonly IDisposable _ticks;
    private long _tick;
    private long _steady, _ahead; // what the wall clock was ahead of steady time at the last tick
    private readonly List<WheelTimer> _due = []; // of the one thread that advances
    private int _running;

    public TimerWheel(TimeProvider time, ILogger<TimerWheel> logger)
    {
        _time = time;
        _logger = logger;
        _tick = ReadClocks() / TickMilliseconds;
        var period = TimeSpan.FromMilliseconds(TickMilliseconds);
        _ticks = ReferenceEquals(time, TimeProvider.System)
            ? new TickThread("timer wheel", TickMilliseconds, Advance)
            : time.CreateTimer(static state => ((TimerWheel)state!).Advance(), this, period, period);
    }

    /// <summary>Unix milliseconds, at most a tick old: costs two reads. The hot paths stamp with it.</summary>
    public long Coarse => Volatile.Read(ref _steady) + Volatile.Read(ref _ahead);

    /// <summary>Steady milliseconds, at most a tick old: what deadlines are counted in.</summary>
    public long Steady => Volatile.Read(ref _steady);

    /// <summary>Reads the clock, keeps it as <see cref="Steady"/> and gives it.</summary>
    public long Refresh()
    {
        var now = _time.SteadyMilliseconds();
        Volatile.Write(ref _steady, now);
        return now;
    }

    /// <summary>The moment in steady time that a moment of the wall clock is, as that stands now; long.MaxValue stays.</summary>
    public long ToSteady(long unixMilliseconds) =>
        unixMilliseconds == long.MaxValue ? long.MaxValue : unixMilliseconds - Volatile.Read(ref _ahead);

    /// <summary>Sets or moves the timer's deadline.</summary>
    /// <param name="timer">What is to be called.</param>
    /// <param name="due">Steady milliseconds; a passed one comes with the next tick.</param>
    public void Set(WheelTimer timer, long due)
    {
        lock (_gate)
        {
            Unlink(timer);
            var tick = Math.Max(due / TickMilliseconds + 1, _tick + 1);
            timer.Due = due;
            timer.Slot = (int)(tick % SlotCount);
            timer.Next = _slots[timer.Slot];
            if (timer.Next is not null)
                timer.Next.Previous = timer;
            _slots[timer.Slot] = timer;
        }
    }

    /// <summary>Takes the timer out; it may just be running.</summary>
    public void Clear(WheelTimer timer)
    {
        lock (_gate)
            Unlink(timer);
    }

    /// <summary>Runs what is due. Called by the clock; a test that moves a clock by hand needs nothing else.</summary>
    public void Advance()
    {
        if (Interlocked.Exchange(ref _running, 1) != 0)
            return;
        try
        {
            var now = ReadClocks();
            for (var target = now / TickMilliseconds; CollectDue(target, now);)
                Fire(now);
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }
    }

    public void Dispose() => _ticks.Dispose();

    private long ReadClocks()
    {
        var now = Refresh();
        Volatile.Write(ref _ahead, _time.GetUtcNow().ToUnixTimeMilliseconds() - now);
        return now;
    }

    /// <summary>Moves the due timers of the next slot that has any to the list; false when the present is reached.</summary>
    private bool CollectDue(long target, long now)
    {
        lock (_gate)
        {
            // After a long jump of the clock one turn of the wheel meets every slot.
            if (target - _tick > SlotCount)
                _tick = target - SlotCount;
            while (_tick < target)
            {
                _tick++;
                CollectSlot((int)(_tick % SlotCount), now);
                if (_due.Count != 0)
                    return true;
            }

            return false;
        }
    }

    private void CollectSlot(int slot, long now)
    {
        for (var timer = _slots[slot]; timer is not null;)
        {
            var next = timer.Next;
            if (timer.Due <= now)
            {
                Unlink(timer);
                _due.Add(timer);
            }

            timer = next;
        }
    }

    private void Fire(long now)
    {
        foreach (var timer in _due)
        {
            try
            {
                timer.OnDue(now);
            }
            catch (Exception error) // One failing timer must not stop the clock.
            {
                TimingLog.TimerFailed(_logger, error);
            }
        }

        _due.Clear();
    }

    private void Unlink(WheelTimer timer)
    {
        if (timer.Slot < 0)
            return;
        if (timer.Previous is not null)
            timer.Previous.Next = timer.Next;
        else
            _slots[timer.Slot] = timer.Next;
        if (timer.Next is not null)
            timer.Next.Previous = timer.Previous;
        timer.Next = timer.Previous = null;
        timer.Slot = -1;
    }
}
