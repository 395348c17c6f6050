using System.Buffers;
using Emqx.Broker.Collections;

namespace Emqx.Mgmt.Api.Json;

/// <summary>A growing buffer from <see cref="ByteBuffers"/>: answers are written here first, so that their length is known.</summary>
internal class PooledBuffer(int capacity = 4096) : IBufferWriter<byte>, IDisposable
{
    /// <summary>Least room for writers that do not say how much they need.</summary>
    private const int SomeRoom = 256;

    private byte[] _bytes = ByteBuffers.Rent(capacity);

    public int Length { get; private set; }
    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);
    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    /// <summary>Counts bytes that were written into the room that was given.</summary>
    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Room(Math.Max(sizeHint, SomeRoom));
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => Room(Math.Max(sizeHint, SomeRoom));

    /// <summary>Forgets the content and keeps the memory.</summary>
    public void Clear() => Length = 0;

    public void Dispose()
    {
        var bytes = _bytes;
        _bytes = [];
        Length = 0;
        if (bytes.Length > 0)
            ByteBuffers.Return(bytes);
    }

    /// <summary>Room for at least so many bytes.</summary>
    protected Span<byte> Room(int size)
    {
        if (_bytes.Length - Length < size)
            Grow(size);
        return _bytes.AsSpan(Length);
    }

    private void Grow(int size)
    {
        var larger = ByteBuffers.Rent(Math.Max(_bytes.Length * 2, Length + size));
        _bytes.AsSpan(0, Length).CopyTo(larger);
        ByteBuffers.Return(_bytes);
        _bytes = larger;
    }
}
