using Microsoft.AspNetCore.Http.Features;

namespace Emqx.Broker.Mqtt.Transport;

/// <summary>
/// What a WebSocket client sends, looked at frame by frame: one that is not masked must end the connection (RFC 6455, 5.1). The framework
/// waits for the bytes of the mask that does not come; so where one is found, zeros stand for them, and it refuses at once.
/// </summary>
internal sealed class MaskedStream(Stream inner) : Stream
{
    private const int LongestHead = 14;

    private readonly byte[] _head = new byte[10]; // of the frame that is being read: two bytes and its length
    private int _headLength;
    private long _skip; // what is left of the mask and the payload
    private int _padding = -1; // zeros still to be given; -1 while all is well

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_padding >= 0)
            return Pad(buffer.Span);
        var count = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (!LookAt(buffer.Span[..count]))
            _padding = LongestHead;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => inner.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => inner.WriteAsync(buffer, offset, count, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private int Pad(Span<byte> buffer)
    {
        var zeros = Math.Min(buffer.Length, _padding);
        buffer[..zeros].Clear();
        _padding -= zeros;
        return zeros;
    }

    /// <summary>Follows the frames; false at one without a mask.</summary>
    private bool LookAt(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_skip > 0)
            {
                var passed = (int)Math.Min(_skip, bytes.Length);
                _skip -= passed;
                bytes = bytes[passed..];
                continue;
            }

            _head[_headLength++] = bytes[0];
            bytes = bytes[1..];
            if (_headLength == 2 && _head[1] < 0x80)
                return false;
            if (_headLength >= 2 && _headLength == 2 + LengthBytes)
                BeginFrame();
        }

        return true;
    }

    private int LengthBytes => (_head[1] & 0x7F) switch { 126 => 2, 127 => 8, _ => 0 };

    private void BeginFrame()
    {
        long length = _head[1] & 0x7F;
        if (LengthBytes > 0)
            length = 0;
        foreach (var digit in _head.AsSpan(2, LengthBytes))
            length = (length << 8) | digit;
        _headLength = 0;
        _skip = length < 0 ? long.MaxValue : Math.Min(length, long.MaxValue - 4) + 4; // with the mask
    }
}

/// <summary>The upgrade of a request to a <see cref="MaskedStream"/>.</summary>
internal sealed class MaskedUpgrade(IHttpUpgradeFeature upgrade) : IHttpUpgradeFeature
{
    public bool IsUpgradableRequest => upgrade.IsUpgradableRequest;

    public async Task<Stream> UpgradeAsync() => new MaskedStream(await upgrade.UpgradeAsync().ConfigureAwait(false));
}
