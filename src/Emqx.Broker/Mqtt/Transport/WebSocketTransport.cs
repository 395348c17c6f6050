using System.Net.WebSockets;
using Emqx.Broker.Settings;
using Emqx.Broker.Timing;

namespace Emqx.Broker.Mqtt.Transport;

/// <summary>MQTT in binary WebSocket messages (MQTT 5, 6). Incoming frame bounds mean nothing; outgoing packets get a frame each.</summary>
internal sealed class WebSocketTransport : MqttTransport, IDisposable
{
    private readonly WebSocket _socket;
    private readonly WebSocketSettings _settings;
    private readonly TimerWheel _wheel;
    private readonly Action _abort;
    private readonly IdleTimer _idle;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private string _endReason = "tcp_closed";
    private long _messageSize;
    private long _lastRead;
    private bool _over; // the close frame is on its way and nothing more is read: the request ends by itself

    public WebSocketTransport(WebSocket socket, WebSocketSettings settings, TimerWheel wheel, Action abort)
    {
        (_socket, _settings, _wheel, _abort) = (socket, settings, wheel, abort);
        _idle = new IdleTimer(this);
        _lastRead = wheel.Steady;
        wheel.Set(_idle, _lastRead + settings.IdleTimeout);
    }

    public override bool ReadsAtOnce => false;
    public override string EndReason => _endReason;

    public override ValueTask<int> WaitAsync() => default;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer)
    {
        while (true)
        {
            ValueWebSocketReceiveResult result;
            try
            {
                result = await _socket.ReceiveAsync(buffer, _stop.Token).ConfigureAwait(false);
                Volatile.Write(ref _lastRead, _wheel.Steady);
            }
            catch (WebSocketException error)
            {
                // A wrong frame has been answered with its close code by the socket itself.
                if (error.WebSocketErrorCode != WebSocketError.ConnectionClosedPrematurely)
                    _endReason = "error";
                _over = true;
                return 0;
            }

            if (result.MessageType == WebSocketMessageType.Close)
                await EchoCloseAsync().ConfigureAwait(false);
            else if (result.MessageType == WebSocketMessageType.Text)
                await EndAsync(WebSocketCloseStatus.NormalClosure, "error").ConfigureAwait(false);
            else if (IsTooLarge(result))
                await EndAsync(WebSocketCloseStatus.MessageTooBig, "error").ConfigureAwait(false);
            else if (result.Count > 0)
                return result.Count;
            else
                continue; // an empty message says nothing
            _over = true;
            return 0;
        }
    }

    private bool IsTooLarge(ValueWebSocketReceiveResult result)
    {
        var size = _messageSize + result.Count;
        _messageSize = result.EndOfMessage ? 0 : size;
        return _settings.MaxFrameSize >= 0 && size > _settings.MaxFrameSize;
    }

    public override int TrySend(ReadOnlySpan<byte> bytes) => 0;

    public override async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await _sending.WaitAsync(_stop.Token).ConfigureAwait(false);
        try
        {
            while (!bytes.IsEmpty)
            {
                var frame = _settings.FramePerPacket ? bytes[..FirstPacket(bytes.Span)] : bytes;
                await _socket.SendAsync(frame, WebSocketMessageType.Binary, endOfMessage: true, _stop.Token).ConfigureAwait(false);
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
            _wheel.Clear(_idle);
            _stop.Cancel();
            if (!_over)
                _abort();
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
        _endReason = _socket.CloseStatus is null or WebSocketCloseStatus.Empty ? "remote" : "internal_error";
        var echo = _socket.CloseStatus is null or WebSocketCloseStatus.Empty ? WebSocketCloseStatus.NormalClosure : _socket.CloseStatus.Value;
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
                if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                    await _socket.CloseOutputAsync(status, null, _stop.Token).ConfigureAwait(false);
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

    private void CloseWhenIdle(long now)
    {
        var due = Volatile.Read(ref _lastRead) + _settings.IdleTimeout;
        if (now < due)
            _wheel.Set(_idle, due);
        else
            _ = CloseIdleAsync();
    }

    private async Task CloseIdleAsync()
    {
        await EndAsync(WebSocketCloseStatus.NormalClosure, "idle_timeout").ConfigureAwait(false);
        _over = true;
        await _stop.CancelAsync().ConfigureAwait(false);
    }

    /// <summary>Runs out where nothing has been read for websocket.idle_timeout.</summary>
    private sealed class IdleTimer(WebSocketTransport transport) : WheelTimer
    {
        protected internal override void OnDue(long now) => transport.CloseWhenIdle(now);
    }
}
