using System.Buffers;

namespace Emqx.Broker.Collections;

/// <summary>
/// Buffers for bytes on their way. Those of usual sizes are kept for reuse; large ones are left to the collector, as the runtime's pool
/// would keep each that a burst has needed for minutes after it.
/// </summary>
internal static class ByteBuffers
{
    private const int LargestKept = 128 * 1024;

    /// <summary>A buffer of at least that length, its content anything.</summary>
    public static byte[] Rent(int least) => least <= LargestKept ? ArrayPool<byte>.Shared.Rent(least) : GC.AllocateUninitializedArray<byte>(least);

    /// <summary>Takes back a buffer that nobody uses any more.</summary>
    public static void Return(byte[] buffer)
    {
        if (buffer.Length <= LargestKept)
            ArrayPool<byte>.Shared.Return(buffer);
    }
}
