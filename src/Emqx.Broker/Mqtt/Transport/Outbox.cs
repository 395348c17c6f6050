using System.Net.Sockets;
using Emqx.Broker.Collections;
using Emqx.Broker.Messages;

namespace Emqx.Broker.Mqtt.Transport;

/// <summary>
/// What waits to go out on one connection: encoded bytes, bounded. Writers append under a lock; whoever flushes sends
/// without holding it. Idle, it holds no buffer.
/// </summary>
/// <param name="limit">Bytes that may wait: EMQX's tcp_options.high_watermark.</param>
internal sealed class Outbox(MqttTransport transport, int limit, IOutboxOwner owner) : IFlushable
{
    private const int FlushSize = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly int _limit = limit;
    private byte[]? _buffer;
    private int _length;
    private int _sending;
    private bool _queued, _flushing, _closed, _full, _closeWhenEmpty;
    private bool _awaited; // somebody wants to be told when little waits

    /// <summary>When the flush under way began to wait for the peer; 0 when none waits. Steady milliseconds.</summary>
    public long StuckSince { get; private set; }

    /// <summary>More waits than the limit: messages are refused, and the connection's own requests are not read.</summary>
    public bool IsFull => Volatile.Read(ref _full);

    /// <summary>Bytes that have not yet gone to the socket.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
                return _length + _sending;
        }
    }

    /// <summary>Whether little waits, so that live messages find room beside what follows. Where not, the owner is told as soon as it is so.</summary>
    public bool HasRoom()
    {
        lock (_gate)
        {
            _awaited = _length + _sending > _limit / 4 && !_closed;
            return !_awaited;
        }
    }

    /// <summary>Encoding into the outbox, under its lock. Dispose to release it.</summary>
    public Lease Lock()
    {
        _gate.Enter();
        return new Lease(this);
    }

    /// <summary>Appends a whole packet that must not be refused: acknowledgements, answers. Bounded by the reader's pause.</summary>
    public void Write(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> more = default)
    {
        using var lease = Lock();
        if (_closed || _closeWhenEmpty)
            return;
        var span = lease.Reserve(packet.Length + more.Length)[..(packet.Length + more.Length)];
        packet.CopyTo(span);
        more.CopyTo(span[packet.Length..]);
        lease.Commit(span.Length);
        owner.Sent(span);
    }

    /// <summary>Sends what waits, then says goodbye. Nothing is accepted any more.</summary>
    public void CloseWhenEmpty()
    {
        lock (_gate)
        {
            if (_closed || _closeWhenEmpty)
                return;
            _closeWhenEmpty = true;
            if (_length != 0 || _flushing)
            {
                RequestFlush();
                return;
            }
        }

        transport.HalfClose();
    }

    /// <summary>Throws away what waits; nothing is accepted any more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            if (_flushing || _buffer is null)
                return;
            ByteBuffers.Return(_buffer);
            _buffer = null;
            _length = 0;
        }
    }

    /// <summary>Flushes at once when much has gathered: keeps a burst's buffers small. Not to be called under a session's lock.</summary>
    public void FlushIfLarge()
    {
        if (Volatile.Read(ref _length) > FlushSize && !Volatile.Read(ref _flushing))
            Flush();
    }

    /// <summary>Sends what waits. One thread at a time does; another's bytes are taken along.</summary>
    public void Flush()
    {
        if (!TakeForSending(first: true, out var buffer, out var length))
            return;
        do
        {
            if (!TrySend(buffer, length, out var sent))
                return;
            if (sent < length)
            {
                var send = transport.SendAsync(buffer.AsMemory(sent, length - sent));
                if (!send.IsCompletedSuccessfully)
                {
                    _ = FlushSlowly(send, buffer);
                    return;
                }
            }

            ByteBuffers.Return(buffer);
        }
        while (TakeForSending(first: false, out buffer, out length));
    }

    private bool TrySend(byte[] buffer, int length, out int sent)
    {
        try
        {
            sent = transport.TrySend(buffer.AsSpan(0, length));
            return true;
        }
        catch (Exception error) when (IsBroken(error))
        {
            sent = 0;
            Broken(buffer);
            return false;
        }
    }

    /// <summary>The rest of a flush whose peer takes its time. Every failure is handled inside.</summary>
    private async Task FlushSlowly(ValueTask send, byte[] buffer)
    {
        try
        {
            int length;
            do
            {
                StuckSince = owner.Steady;
                owner.SendIsStuck();
                await send.ConfigureAwait(false);
                StuckSince = 0;
                ByteBuffers.Return(buffer);
                if (!TakeForSending(first: false, out buffer, out length))
                    return;
                send = transport.SendAsync(buffer.AsMemory(0, length));
            }
            while (true);
        }
        catch (Exception error) when (IsBroken(error))
        {
            Broken(buffer);
        }
    }

    private static bool IsBroken(Exception error) => error is SocketException or ObjectDisposedException or IOException
        or InvalidOperationException or OperationCanceledException or System.Net.WebSockets.WebSocketException;

    private bool TakeForSending(bool first, out byte[] buffer, out int length)
    {
        bool goodbye, drained;
        lock (_gate)
        {
            if (first)
            {
                _queued = false;
                if (_flushing)
                {
                    buffer = [];
                    length = 0;
                    return false;
                }
            }

            _sending = 0;
            drained = (_full && _length <= _limit / 2) || (_awaited && _length <= _limit / 4);
            if (drained)
                _full = _awaited = false;
            if (_length != 0 && !_closed)
            {
                buffer = _buffer!;
                length = _sending = _length;
                _buffer = null;
                _length = 0;
                _flushing = true;
                goodbye = false;
            }
            else
            {
                buffer = [];
                length = 0;
                goodbye = _closeWhenEmpty && !_closed;
                _flushing = false;
            }
        }

        if (goodbye)
            transport.HalfClose();
        if (drained)
            owner.Drained();
        return length != 0;
    }

    private void Broken(byte[] buffer)
    {
        ByteBuffers.Return(buffer);
        lock (_gate)
        {
            _closed = true;
            _full = false;
            _flushing = false;
            _length = 0;
        }

        transport.Abort();
        owner.Drained(); // whoever waits for room must see that there is no connection any more
    }

    private void RequestFlush()
    {
        if (_queued || _flushing)
            return;
        _queued = true;
        if (FlushBatch.Current is { } batch)
            batch.Add(this);
        else
            ThreadPool.UnsafeQueueUserWorkItem(static outbox => outbox.Flush(), this, preferLocal: false);
    }

    /// <summary>The outbox's lock while something is encoded into it.</summary>
    public readonly ref struct Lease(Outbox outbox)
    {
        /// <summary>Whether a message of this size may be appended now.</summary>
        public bool Accepts(int size)
        {
            var waiting = outbox._length + outbox._sending;
            if (waiting == 0 || waiting + size <= outbox._limit)
                return true;
            outbox._full = true;
            return false;
        }

        /// <summary>Whether so many bytes may be appended. Where not, nothing is said of its being full.</summary>
        public bool Fits(int size) => outbox._length + outbox._sending + size <= outbox._limit;

        public bool IsClosed => outbox._closed || outbox._closeWhenEmpty;

        /// <summary>Room for at least <paramref name="size"/> bytes.</summary>
        public Span<byte> Reserve(int size) => ByteBuffers.Reserve(ref outbox._buffer, outbox._length, size);

        /// <summary>Makes the first <paramref name="size"/> reserved bytes part of what goes out.</summary>
        public void Commit(int size)
        {
            outbox._length += size;
            if (outbox._length + outbox._sending > outbox._limit)
                outbox._full = true;
            outbox.RequestFlush();
        }

        public void Dispose() => outbox._gate.Exit();
    }
}
