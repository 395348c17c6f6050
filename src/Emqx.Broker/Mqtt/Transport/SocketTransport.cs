using System.Net.Sockets;

namespace Emqx.Broker.Mqtt.Transport;

/// <summary>Plain TCP that waits through the runtime's sockets, on platforms without <see cref="SocketLoop"/>: waiting is a read of no bytes.</summary>
internal sealed class SocketTransport(Socket socket) : PlainTransport(socket)
{
    public override ValueTask<int> WaitAsync() => Socket.ReceiveAsync(Memory<byte>.Empty);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer) => new(TryReceive(buffer.Span));

    public override async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await Socket.SendAsync(bytes).ConfigureAwait(false)..];
    }

    public override void Abort() => Socket.Dispose();
}
