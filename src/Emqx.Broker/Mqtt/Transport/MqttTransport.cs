namespace Emqx.Broker.Mqtt.Transport;

/// <summary>The byte stream under a connection: a socket, TLS over it, or WebSocket messages.</summary>
internal abstract class MqttTransport
{
    /// <summary>A read that found nothing yet; wait and try again.</summary>
    public const int WouldBlock = -1;

    /// <summary>
    /// Whether <see cref="ReadAsync"/> always completes at once. Then a buffer shared by all connections of the thread
    /// will do, and an idle connection holds none.
    /// </summary>
    public abstract bool ReadsAtOnce { get; }

    /// <summary>Whether it is read once a turn: who waits for more comes behind those that are ready.</summary>
    public virtual bool TakesTurns => false;

    /// <summary>Has the next <see cref="WaitAsync"/> end when others have had their turn, whether there is something to read or not. False: it cannot.</summary>
    public virtual bool TryComeAgain() => false;

    /// <summary>Waits until there is something to read, or the peer is gone. The number says nothing: it is that of a read without room.</summary>
    public abstract ValueTask<int> WaitAsync();

    /// <summary>Reads what is there: a number of bytes, 0 at the end, or <see cref="WouldBlock"/>.</summary>
    public abstract ValueTask<int> ReadAsync(Memory<byte> buffer);

    /// <summary>Sends what goes out without waiting; returns how many bytes that were. Throws when the connection is broken.</summary>
    public abstract int TrySend(ReadOnlySpan<byte> bytes);

    /// <summary>Sends all.</summary>
    public abstract ValueTask SendAsync(ReadOnlyMemory<byte> bytes);

    /// <summary>Says that nothing more will be sent; what was sent still arrives.</summary>
    public abstract void HalfClose();

    /// <summary>The peer has ended its side in order: says the same, where the protocol below wants that. Never waits.</summary>
    public virtual void AnswerEnd()
    {
    }

    /// <summary>Ends the connection at once.</summary>
    public abstract void Abort();

    /// <summary>Why the peer's side ended, in EMQX's words.</summary>
    public virtual string EndReason => "tcp_closed";
}
