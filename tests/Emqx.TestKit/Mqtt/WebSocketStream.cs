namespace Emqx.TestKit.Mqtt;

/// <summary>The bytes of the binary frames as one stream: each write is a frame, a close frame is the end.</summary>
internal sealed class WebSocketStream(RawWebSocket socket) : Stream
{
    private ReadOnlyMemory<byte> _rest;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_rest.IsEmpty)
        {
            var frame = await socket.ReadAsync(TimeSpan.FromMinutes(10)).WaitAsync(cancellationToken);
            if (frame is null || frame.Opcode == RawWebSocket.Close)
                return 0;
            if (frame.Opcode == RawWebSocket.BinaryFrame)
                _rest = frame.Payload;
        }

        var count = Math.Min(buffer.Length, _rest.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        await socket.SendAsync(RawWebSocket.BinaryFrame, buffer).WaitAsync(cancellationToken);

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await socket.DisposeAsync();
        await base.DisposeAsync();
    }
}
