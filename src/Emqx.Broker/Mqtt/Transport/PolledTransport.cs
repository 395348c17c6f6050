using System.Net.Sockets;

namespace Emqx.Broker.Mqtt.Transport;

/// <summary>Plain TCP on a socket that a <see cref="SocketLoop"/> watches: a read of what is there is one system call, and waiting is none.</summary>
internal sealed class PolledTransport : PlainTransport
{
    private readonly SocketLoop _loop = SocketLoop.Next();
    private readonly Readiness _readable = new();
    private readonly int _slot;
    private Readiness? _writable; // made by the first send that had to wait
    private bool _more; // a read has not shown that there is nothing left
    private bool _peerEnded;
    private int _isOver;

    public PolledTransport(Socket socket)
        : base(socket) => _slot = _loop.Add(this, (int)socket.SafeHandle.DangerousGetHandle());

    public override bool TakesTurns => true;

    public override bool TryComeAgain()
    {
        if (!_loop.IsCurrent)
            return false;
        return _more = true;
    }

    /// <summary>The loop tells what became of the socket.</summary>
    public void Told(uint events)
    {
        if ((events & (SocketLoop.Native.PeerEnded | SocketLoop.Native.HangUp | SocketLoop.Native.Error)) != 0)
            Volatile.Write(ref _peerEnded, true);
        if ((events & ~SocketLoop.Native.In) != 0)
            Volatile.Read(ref _writable)?.Set();
        if ((events & ~SocketLoop.Native.Out) != 0)
            _readable.Set();
    }

    /// <summary>Its turn to read what was left.</summary>
    public void ReadOn() => _readable.Set();

    public override ValueTask<int> WaitAsync()
    {
        if (_more)
        {
            _more = false;
            _loop.Again(this);
        }

        return _readable.WaitAsync();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer)
    {
        var count = TryReceive(buffer.Span);
        // A short read has emptied the socket, and what comes then is told anew; but the end may have been told together with it.
        _more = count > 0 && (count == buffer.Length || Volatile.Read(ref _peerEnded));
        return new(count);
    }

    public override async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        if (_writable is null)
            Volatile.Write(ref _writable, new Readiness()); // before it is tried again: from now on the loop tells
        while (true)
        {
            bytes = bytes[TrySend(bytes.Span)..];
            if (bytes.IsEmpty)
                return;
            await _writable.WaitAsync().ConfigureAwait(false);
        }
    }

    public override void Abort()
    {
        if (Interlocked.Exchange(ref _isOver, 1) != 0)
            return;
        _loop.Remove(_slot);
        Socket.Dispose();
        _readable.SetElsewhere(); // they find the socket closed
        Volatile.Read(ref _writable)?.SetElsewhere();
    }
}
