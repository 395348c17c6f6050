using Emqx.Broker.Protocol;
using Emqx.Broker.Timing;

namespace Emqx.Broker.Mqtt;

/// <summary>Its timer: the time to connect, the keep alive, credentials that expire, a peer that takes nothing, the last second of a closing connection.</summary>
internal sealed partial class Connection
{
    /// <summary>A new keep alive counts from now.</summary>
    public void KeepAliveChanged() => SetTimer(_handlers.Wheel.Steady + TimerWheel.TickMilliseconds);

    public void SendIsStuck()
    {
        SetTimer(Math.Min(Slot >= 0 ? Due : long.MaxValue, _handlers.Wheel.Steady + Origin.Listener.SendTimeout));
        if (Session is { } session && _handlers.Hooks.ConnectionCongested.IsUsed)
            _handlers.Hooks.ConnectionCongested.Tell(session);
    }

    protected internal override void OnDue(long now)
    {
        if (Volatile.Read(ref _goodbyeAt) is var end and not 0)
        {
            if (now < end)
                SetTimer(end);
            else
                Cut();
            return;
        }

        var isHandling = IsHandling;
        if (isHandling)
            Volatile.Write(ref _lastReceived, now);
        if (Client is null)
        {
            if (isHandling)
                RestartIdleTimeout();
            else
                Abort("idle_timeout");
            return;
        }

        if (Outbox.StuckSince is var stuck and not 0 && now - stuck >= Origin.Listener.SendTimeout)
        {
            Abort("send_timeout");
            return;
        }

        if (now >= AuthExpireDue)
            Close(ReasonCode.NotAuthorized, "not_authorized");
        else if (KeepAliveDue is var due && now >= due)
            Close(ReasonCode.KeepAliveTimeout, "keepalive_timeout");
        else
            Rearm(due);
    }

    /// <summary>A client that is not connected yet has the time of the idle timeout, from now, for its next packet.</summary>
    public void RestartIdleTimeout() => SetTimer(_handlers.Wheel.Steady + Settings.IdleTimeout);

    /// <summary>Sets the timer for the keep alive, a stuck send and credentials that expire, whichever comes first.</summary>
    public void Rearm(long keepAliveDue)
    {
        var due = Math.Min(keepAliveDue, AuthExpireDue);
        if (Outbox.StuckSince is var stuck and not 0)
            due = Math.Min(due, stuck + Origin.Listener.SendTimeout);
        SetTimer(due);
    }

    /// <summary>Sets the timer, or clears it with long.MaxValue. Whoever sets it: that of a connection which is closing stands at its last second.</summary>
    private void SetTimer(long due)
    {
        if (due == long.MaxValue)
            _handlers.Wheel.Clear(this);
        else
            _handlers.Wheel.Set(this, due);
        if (Volatile.Read(ref _goodbyeAt) is var end and not 0)
            _handlers.Wheel.Set(this, end);
    }

    /// <summary>When its credentials expire, steady milliseconds.</summary>
    private long AuthExpireDue => _handlers.Wheel.ToSteady(Client?.AuthExpireAt ?? long.MaxValue);

    /// <summary>When silence becomes a fault, steady milliseconds.</summary>
    public long KeepAliveDue => Client is { KeepAlive: > 0 } client
        ? Volatile.Read(ref _lastReceived) + (long)(client.KeepAlive * 1000.0 * Settings.KeepAliveMultiplier)
        : long.MaxValue;
}
