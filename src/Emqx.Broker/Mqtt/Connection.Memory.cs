using Emqx.Broker.Collections;

namespace Emqx.Broker.Mqtt;

/// <summary>What the node keeps for it: the beginning of a packet, a CONNECT that waits for its verdict, topic aliases.</summary>
internal sealed partial class Connection
{
    private byte[]? _partial; // the beginning of a packet that has not arrived whole
    private int _partialLength;
    private int _strange; // bytes of it and of a CONNECT that the node counts as a stranger's
    private int _connectBytes;
    private long _held;

    /// <inheritdoc/>
    public long HeldBytes => Volatile.Read(ref _held);

    /// <summary>Counts what is kept for the client until the connection is over; less than 0 for what is kept no more.</summary>
    public void Hold(int bytes)
    {
        if (bytes == 0)
            return;
        Interlocked.Add(ref _held, bytes);
        _handlers.Held.Add(this, bytes);
    }

    private void Keep(ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty || IsClosing)
            return;
        var partial = ByteBuffers.Rent(Math.Max(rest.Length, 512));
        if (!MayHold(partial.Length))
        {
            ByteBuffers.Return(partial);
            return;
        }

        _partial = partial;
        rest.CopyTo(_partial);
        _partialLength = rest.Length;
    }

    /// <summary>
    /// Moves the beginning of a packet, where it is short, to the front of the buffer that is read into next, and gives its length: the read
    /// has the buffer's room then. In the small one of its keeping a burst would be read in as small pieces as that leaves.
    /// </summary>
    private int TakeKept(Span<byte> into)
    {
        if (_partial is not { } partial || _partialLength > into.Length / 8)
            return 0;
        partial.AsSpan(0, _partialLength).CopyTo(into);
        _partial = null;
        ByteBuffers.Return(partial);
        return _partialLength;
    }

    /// <summary>A CONNECT is kept until it has a session, or its connection is over.</summary>
    private void KeepConnect(int bytes)
    {
        _connectBytes = bytes;
        Hold(bytes);
    }

    /// <summary>From whatever thread the verdict comes; once.</summary>
    private void ForgetConnect() => Hold(-Interlocked.Exchange(ref _connectBytes, 0));

    /// <summary>After packets were handled: a stranger's are counted as they are now, a client's no more.</summary>
    private void Settle()
    {
        if (_strange != 0 || (Session is null && _connectBytes != 0))
            MayHold(_partial?.Length ?? 0);
    }

    /// <summary>Whether so much may be kept of a packet, beside a CONNECT that waits. A stranger for whom the node has no room is closed.</summary>
    private bool MayHold(int bytes)
    {
        var counted = Session is null ? Math.Max(0, bytes + Volatile.Read(ref _connectBytes) - UnfinishedConnects.Free) : 0;
        if (counted == _strange || (counted > _strange && IsClosing))
            return true;
        if (counted > _strange && !_handlers.Unfinished.TryTake(counted - _strange))
        {
            Close(0, "connect_memory_limit");
            return false;
        }

        if (counted < _strange)
            _handlers.Unfinished.Return(_strange - counted);
        _strange = counted;
        return true;
    }

    /// <summary>Room behind what has arrived. It doubles with what the peer has really sent, never with what it announces.</summary>
    private Memory<byte> RoomInPartial()
    {
        if (_partialLength == _partial!.Length)
        {
            var larger = ByteBuffers.Rent(_partial.Length * 2);
            if (!MayHold(larger.Length))
                _partialLength = 0; // it is closing: what still comes is read to be thrown away
            _partial.CopyTo(larger.AsSpan());
            ByteBuffers.Return(_partial);
            _partial = larger;
        }

        return _partial.AsMemory(_partialLength);
    }

    /// <summary>At its end, when nothing is read or sent any more.</summary>
    private void LetGo()
    {
        if (_partial is { } partial)
        {
            _partial = null;
            ByteBuffers.Return(partial);
        }

        _handlers.Unfinished.Return(_strange);
        _strange = 0;
        ForgetConnect();
        _handlers.Held.Add(this, -Interlocked.Exchange(ref _held, 0));
    }
}
