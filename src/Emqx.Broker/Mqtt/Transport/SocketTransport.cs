using System.Net.Sockets;

namespace Emqx.Broker.Mqtt.Transport;

/// <summary>Plain TCP on a non-blocking socket: sends and receives are tried at once, waiting is a read of no bytes.</summary>
internal sealed class SocketTransport : MqttTransport
{
    private readonly Socket _socket;

    public SocketTransport(Socket socket)
    {
        _socket = socket;
        _socket.Blocking = false;
    }

    public override bool ReadsAtOnce => true;

    public override ValueTask<int> WaitAsync() => _socket.ReceiveAsync(Memory<byte>.Empty);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer)
    {
        var count = _socket.Receive(buffer.Span, SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
            return new(WouldBlock);
        return new(error == SocketError.Success ? count : 0);
    }

    public override int TrySend(ReadOnlySpan<byte> bytes)
    {
        var count = _socket.Send(bytes, SocketFlags.None, out var error);
        return error switch
        {
            SocketError.Success => count,
            SocketError.WouldBlock => 0,
            _ => throw new SocketException((int)error),
        };
    }

    public override async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await _socket.SendAsync(bytes).ConfigureAwait(false)..];
    }

    public override void HalfClose()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The peer was faster.
        }
        catch (ObjectDisposedException)
        {
        }
    }

    public override void Abort() => _socket.Dispose();
}
