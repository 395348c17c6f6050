using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Emqx.Broker.Settings;

namespace Emqx.Broker.Mqtt.Listening;

/// <summary>Takes a header of the proxy protocol off a connection, and no byte behind it.</summary>
internal static class ProxyHeaderReading
{
    /// <summary>The time that a header has. It is the wire's: it passes also where the node's clock stands still.</summary>
    public static CancellationTokenSource Limit(ListenerSettings settings, CancellationToken over)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(over);
        limit.CancelAfter((int)Math.Min(settings.ProxyProtocolTimeout, int.MaxValue));
        return limit;
    }

    /// <summary>The peer: the one that the header tells, else <paramref name="own"/>; null without a good header.</summary>
    public static async ValueTask<IPEndPoint?> ReadAsync(Socket socket, IPEndPoint own, CancellationToken limit)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(ProxyHeader.MaxLength);
        try
        {
            for (var have = 0; ;)
            {
                var state = ProxyHeader.Read(bytes.AsSpan(0, have), out var length, out var peer);
                if (state != ProxyHeaderState.Incomplete)
                    return state == ProxyHeaderState.Good ? peer ?? own : null;
                var read = await socket.ReceiveAsync(bytes.AsMemory(have, length - have), limit).ConfigureAwait(false);
                if (read == 0)
                    return null;
                have += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>As the other, from a pipe.</summary>
    public static async ValueTask<IPEndPoint?> ReadAsync(PipeReader input, IPEndPoint own, CancellationToken limit)
    {
        while (true)
        {
            var read = await input.ReadAsync(limit).ConfigureAwait(false);
            var state = Look(read.Buffer, out var length, out var peer);
            if (state == ProxyHeaderState.Good)
            {
                input.AdvanceTo(read.Buffer.GetPosition(length));
                return peer ?? own;
            }

            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (state == ProxyHeaderState.Bad || read.IsCompleted || read.IsCanceled)
                return null;
        }
    }

    private static ProxyHeaderState Look(in ReadOnlySequence<byte> buffer, out int length, out IPEndPoint? peer)
    {
        Span<byte> bytes = stackalloc byte[ProxyHeader.MaxLength];
        var count = (int)Math.Min(buffer.Length, bytes.Length);
        buffer.Slice(0, count).CopyTo(bytes);
        return ProxyHeader.Read(bytes[..count], out length, out peer);
    }
}
