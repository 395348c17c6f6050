using System.Net.WebSockets;
using Emqx.Broker.Settings;

namespace Emqx.Broker.Mqtt;

/// <summary>MQTT in binary WebSocket messages (MQTT 5, 6). Incoming frame bounds mean nothing; outgoing packets get a frame each.</summary>
internal sealed class WebSocketTransport(WebSocket socket, WebSocketSettings settings, Action abort) : MqttTransport, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private string _endReason = "tcp_closed";
    private long _messageSize;

    public override bool ReadsAtOnce => false;
    public override string EndReason => _endReason;

    public override ValueTask WaitAsync() => default;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer)
    {
        while (true)
        {
            using var idle = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            idle.CancelAfter(TimeSpan.FromMilliseconds(settings.IdleTimeout));
            ValueWebSocketReceiveResult result;
            try
            {
                result = await socket.ReceiveAsync(buffer, idle.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
            {
                await EndAsync(WebSocketCloseStatus.NormalClosure, "idle_timeout").ConfigureAwait(false);
                return 0;
            }

            switch (result.MessageType)
            {
                case WebSocketMessageType.Close:
                    await EchoCloseAsync().ConfigureAwait(false);
                    return 0;
                case WebSocketMessageType.Text:
                    await EndAsync(WebSocketCloseStatus.NormalClosure, "error").ConfigureAwait(false);
                    return 0;
                default:
                    _messageSize = result.EndOfMessage ? 0 : _messageSize + result.Count;
                    if (settings.MaxFrameSize >= 0 && Math.Max(_messageSize, result.Count) > settings.MaxFrameSize)
                    {
                        await EndAsync(WebSocketCloseStatus.MessageTooBig, "error").ConfigureAwait(false);
                        return 0;
                    }

                    if (result.Count > 0)
                        return result.Count;
                    break; // an empty message says nothing
            }
        }
    }

    public override int TrySend(ReadOnlySpan<byte> bytes) => 0;

    public override async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await _sending.WaitAsync(_stop.Token).ConfigureAwait(false);
        try
        {
            while (!bytes.IsEmpty)
            {
                var frame = settings.FramePerPacket ? bytes[..FirstPacket(bytes.Span)] : bytes;
                await socket.SendAsync(frame, WebSocketMessageType.Binary, endOfMessage: true, _stop.Token).ConfigureAwait(false);
                bytes = bytes[frame.Length..];
            }
        }
        finally
        {
            _sending.Release();
        }
    }

    public override void HalfClose() => _ = EndAsync(WebSocketCloseStatus.NormalClosure, _endReason);

    public override void Abort()
    {
        try
        {
            _stop.Cancel();
            abort();
        }
        catch (ObjectDisposedException)
        {
            // It was over already.
        }
    }

    public void Dispose()
    {
        _stop.Dispose();
        _sending.Dispose();
    }

    private static int FirstPacket(ReadOnlySpan<byte> bytes)
    {
        int length = 0, at = 1;
        for (var shift = 0; ; shift += 7)
        {
            var digit = bytes[at++];
            length |= (digit & 0x7F) << shift;
            if ((digit & 0x80) == 0)
                return at + length;
        }
    }

    private async Task EchoCloseAsync()
    {
        // The words of EMQX's events: a close without a code is "remote".
        _endReason = socket.CloseStatus is null or WebSocketCloseStatus.Empty ? "remote" : "internal_error";
        var echo = socket.CloseStatus is null or WebSocketCloseStatus.Empty ? WebSocketCloseStatus.NormalClosure : socket.CloseStatus.Value;
        await EndAsync(echo, _endReason).ConfigureAwait(false);
    }

    /// <summary>Sends the close frame, once. Failures mean that the peer is gone, which is what was wanted.</summary>
    private async Task EndAsync(WebSocketCloseStatus status, string reason)
    {
        _endReason = reason;
        try
        {
            await _sending.WaitAsync(_stop.Token).ConfigureAwait(false);
            try
            {
                if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                    await socket.CloseOutputAsync(status, null, _stop.Token).ConfigureAwait(false);
            }
            finally
            {
                _sending.Release();
            }
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException or InvalidOperationException)
        {
            _endReason = reason;
        }
    }
}
