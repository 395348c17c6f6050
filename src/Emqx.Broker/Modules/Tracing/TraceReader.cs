using System.Text;

namespace Emqx.Broker.Modules.Tracing;

/// <summary>Reads logs piece by piece.</summary>
internal static class TraceReader
{
    /// <summary>Bytes of one piece at most: who wants more asks again.</summary>
    public const int MostBytes = 1 << 20;

    /// <summary>A piece of a log. At the end there is none and it goes on at the end; while there is nothing at all it goes on where it was asked for.</summary>
    public static async ValueTask<TraceReading> ReadAsync(ITraceFile file, long position, int bytes, CancellationToken cancellation)
    {
        await using var content = file.OpenRead();
        if (content is not { Length: > 0 and var length } || bytes == 0)
            return new(TraceOutcome.Done, Next: position);
        var from = Math.Max(0, position);
        if (from >= length)
            return new(TraceOutcome.Done, Next: length);
        content.Position = from;
        var buffer = new byte[Math.Min(Math.Min(bytes, MostBytes), length - from)];
        var count = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
        count = WholeCharacters(buffer.AsSpan(0, count));
        return new(TraceOutcome.Done, Encoding.UTF8.GetString(buffer.AsSpan(0, count)), from + count);
    }

    /// <summary>Without the beginning of a character at the end, unless there is nothing else.</summary>
    private static int WholeCharacters(ReadOnlySpan<byte> bytes)
    {
        for (var back = 1; back <= 3 && back < bytes.Length; back++)
        {
            var one = bytes[^back];
            if ((one & 0xC0) == 0x80)
                continue;
            var size = one >= 0xF0 ? 4 : one >= 0xE0 ? 3 : one >= 0xC0 ? 2 : 1;
            return size > back ? bytes.Length - back : bytes.Length;
        }

        return bytes.Length;
    }
}
