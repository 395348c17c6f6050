using System.Net.Security;
using System.Net.Sockets;

namespace Emqx.Broker.Mqtt.Transport;

/// <summary>TLS over a socket.</summary>
internal sealed class StreamTransport(SslStream stream, Socket socket) : MqttTransport
{
    public override bool ReadsAtOnce => false;

    public override ValueTask<int> WaitAsync() => stream.ReadAsync(Memory<byte>.Empty);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer) => stream.ReadAsync(buffer);

    /// <summary>TLS has no way to try: everything goes through <see cref="SendAsync"/>, which mostly completes at once.</summary>
    public override int TrySend(ReadOnlySpan<byte> bytes) => 0;

    public override ValueTask SendAsync(ReadOnlyMemory<byte> bytes) => stream.WriteAsync(bytes);

    public override void HalfClose()
    {
        try
        {
            // close_notify, then the half-close of TCP below it.
            var shutdown = stream.ShutdownAsync();
            if (shutdown.IsCompleted)
                socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception error) when (error is IOException or InvalidOperationException or ObjectDisposedException or SocketException)
        {
            // The peer was faster.
        }
    }

    /// <summary>close_notify is answered by close_notify (RFC 8446, 6.1).</summary>
    public override void AnswerEnd() => HalfClose();

    public override void Abort()
    {
        socket.Dispose();
        stream.Dispose();
    }
}
