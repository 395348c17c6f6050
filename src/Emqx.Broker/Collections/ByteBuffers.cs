using System.Buffers;

namespace Emqx.Broker.Collections;

/// <summary>
/// Buffers for bytes on their way. Those of usual sizes are kept for reuse; large ones are left to the collector, as the runtime's pool
/// would keep each that a burst has needed for minutes after it.
/// </summary>
internal static class ByteBuffers
{
    private const int LargestKept = 128 * 1024;
    private const int FirstSize = 1024;

    /// <summary>A buffer of at least that length, its content anything.</summary>
    public static byte[] Rent(int least) => least <= LargestKept ? ArrayPool<byte>.Shared.Rent(least) : GC.AllocateUninitializedArray<byte>(least);

    /// <summary>Makes room in a rented buffer, or rents the first one, keeping what has been written; gives all that is free behind it.</summary>
    /// <param name="buffer">Replaced where it is too small.</param>
    /// <param name="written">Bytes of it that count.</param>
    /// <param name="more">How many are to follow at least.</param>
    public static Span<byte> Reserve(ref byte[]? buffer, int written, int more)
    {
        if (buffer is null)
        {
            buffer = Rent(Math.Max(FirstSize, more));
        }
        else if (buffer.Length - written < more)
        {
            var larger = Rent(Math.Max(buffer.Length * 2, written + more));
            buffer.AsSpan(0, written).CopyTo(larger);
            Return(buffer);
            buffer = larger;
        }

        return buffer.AsSpan(written);
    }

    /// <summary>Takes back a buffer that nobody uses any more.</summary>
    public static void Return(byte[] buffer)
    {
        if (buffer.Length <= LargestKept)
            ArrayPool<byte>.Shared.Return(buffer);
    }
}
