using System.Net.Sockets;

namespace Emqx.Broker.Mqtt.Transport;

/// <summary>Plain TCP on a non-blocking socket: sends and receives are tried at once. How it waits is left open.</summary>
internal abstract class PlainTransport : MqttTransport
{
    protected PlainTransport(Socket socket)
    {
        Socket = socket;
        Socket.Blocking = false;
    }

    public sealed override bool ReadsAtOnce => true;

    protected Socket Socket { get; }

    public sealed override int TrySend(ReadOnlySpan<byte> bytes)
    {
        var count = Socket.Send(bytes, SocketFlags.None, out var error);
        return error switch
        {
            SocketError.Success => count,
            SocketError.WouldBlock => 0,
            _ => throw new SocketException((int)error),
        };
    }

    public sealed override void HalfClose()
    {
        try
        {
            Socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The peer was faster.
        }
        catch (ObjectDisposedException)
        {
        }
    }

    /// <summary>A read that never waits; see <see cref="MqttTransport.ReadAsync"/>.</summary>
    protected int TryReceive(Span<byte> buffer)
    {
        var count = Socket.Receive(buffer, SocketFlags.None, out var error);
        return error switch
        {
            SocketError.Success => count,
            SocketError.WouldBlock => WouldBlock,
            _ => 0,
        };
    }
}
