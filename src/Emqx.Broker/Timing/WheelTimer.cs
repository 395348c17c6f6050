namespace Emqx.Broker.Timing;

/// <summary>Something with one deadline in the <see cref="TimerWheel"/>: a connection, a session. Costs no object of its own.</summary>
internal abstract class WheelTimer
{
    internal WheelTimer? Next, Previous;
    internal int Slot = -1;

    /// <summary>Steady milliseconds; meaningful while it is in the wheel.</summary>
    internal long Due;

    /// <summary>
    /// The deadline has passed and the timer is out of the wheel. Runs on a pool thread, outside the wheel's lock; may
    /// come early when the timer was set again meanwhile, so the callee looks at its own deadline.
    /// </summary>
    /// <param name="now">Steady milliseconds.</param>
    protected internal abstract void OnDue(long now);
}
