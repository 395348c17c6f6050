using Emqx.Broker.Mqtt.Codec;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Mqtt;

/// <summary>Its end: said goodbye to or cut, by whatever hand, it is gone a second later whatever the peer does.</summary>
internal sealed partial class Connection
{
    private const int GoodbyeMilliseconds = 1000;

    private long _goodbyeAt; // when it is cut at the latest; 0 while it lives
    private bool _isCut;
    private int _ended;

    /// <summary>The connection is over, or about to be: what still waits for it is of no use to the client any more.</summary>
    public bool IsClosing => Volatile.Read(ref _goodbyeAt) != 0;

    /// <summary>
    /// Ends the connection from any thread: what is queued still goes out, then an MQTT 5 client is told why, then the
    /// stream is half-closed and, a second later at most, cut. The session is let go at once.
    /// </summary>
    /// <param name="reasonCode">For DISCONNECT; 0 for none.</param>
    /// <param name="reason">EMQX's word for its events.</param>
    public void Close(byte reasonCode, string reason)
    {
        if (!TryBeginClosing())
            return;
        SetTimer(long.MaxValue); // first: whatever happens below, it is cut in time
        if (reasonCode != 0 && IsV5 && Client is not null)
            ControlEncoder.ForThread.Disconnect(Outbox, reasonCode);
        EndSession(reason); // who sees the end of the stream finds the session as it will be
        Outbox.CloseWhenEmpty();
        Wake();
    }

    /// <summary>Cuts the connection without a word.</summary>
    public void Abort(string reason)
    {
        TryBeginClosing();
        try
        {
            EndSession(reason);
        }
        finally
        {
            Cut();
        }
    }

    /// <summary>A session that was opened while the connection ended is let go again.</summary>
    public void EndIfClosing()
    {
        if (IsClosing)
            EndSession("tcp_closed");
    }

    /// <summary>The session was taken away (discarded, kicked, listener stopped): nothing is to be told to it any more.</summary>
    public bool MarkEnded() => Interlocked.Exchange(ref _ended, 1) == 0;

    /// <inheritdoc/>
    public Will? TakeWill() => Interlocked.Exchange(ref _will, null);

    private void Finish(string reason)
    {
        Abort(reason);
        _handlers.Wheel.Clear(this);
        _intake?.End();
        LetGo();
    }

    /// <summary>The one way to the end: whoever reads, sends or waits for it gives up.</summary>
    private void Cut()
    {
        Volatile.Write(ref _isCut, true);
        Outbox.Close();
        _transport.Abort();
        Wake();
    }

    private bool TryBeginClosing() => Interlocked.CompareExchange(ref _goodbyeAt, _handlers.Wheel.Steady + GoodbyeMilliseconds, 0) == 0;

    private void EndSession(string reason)
    {
        if (Session is not null && MarkEnded())
            _handlers.Sessions.ConnectionEnded(this, reason);
    }
}
