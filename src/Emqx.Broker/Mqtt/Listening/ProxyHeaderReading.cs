using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Emqx.Broker.Collections;
using Emqx.Broker.Settings;

namespace Emqx.Broker.Mqtt.Listening;

/// <summary>
/// Takes a header of the proxy protocol off one connection, and no byte behind it. A header that is longer than proxies send takes its place
/// among what the node holds of strangers' packets.
/// </summary>
internal readonly struct ProxyHeaderReading(UnfinishedConnects strangers)
{
    private const int Usual = UnfinishedConnects.Free;

    /// <summary>The time that a header has. It is the wire's: it passes also where the node's clock stands still.</summary>
    public static CancellationTokenSource Limit(ListenerSettings settings, CancellationToken over)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(over);
        limit.CancelAfter((int)Math.Min(settings.ProxyProtocolTimeout, int.MaxValue));
        return limit;
    }

    /// <summary>The peer that the header tells; null without a good header.</summary>
    public async ValueTask<ProxiedPeer?> ReadAsync(Socket socket, CancellationToken limit)
    {
        var bytes = ByteBuffers.Rent(Usual);
        var counted = 0;
        try
        {
            for (var have = 0; ;)
            {
                var state = ProxyHeader.Read(bytes.AsSpan(0, have), out var length, out var peer);
                if (state != ProxyHeaderState.Incomplete || !TryCount(length, ref counted))
                    return peer;
                if (length > bytes.Length)
                    bytes = Larger(bytes, have, length);
                var read = await socket.ReceiveAsync(bytes.AsMemory(have, length - have), limit).ConfigureAwait(false);
                if (read == 0)
                    return null;
                have += read;
            }
        }
        finally
        {
            ByteBuffers.Return(bytes);
            strangers.Return(counted);
        }
    }

    /// <summary>As the other, from a pipe.</summary>
    public async ValueTask<ProxiedPeer?> ReadAsync(PipeReader input, CancellationToken limit)
    {
        var counted = 0;
        try
        {
            while (true)
            {
                var read = await input.ReadAsync(limit).ConfigureAwait(false);
                var state = Look(read.Buffer, out var length, out var peer);
                if (state == ProxyHeaderState.Good)
                {
                    input.AdvanceTo(read.Buffer.GetPosition(length));
                    return peer;
                }

                input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                if (state == ProxyHeaderState.Bad || read.IsCompleted || read.IsCanceled || !TryCount(length, ref counted))
                    return null;
            }
        }
        finally
        {
            strangers.Return(counted);
        }
    }

    /// <summary>Looks at the whole of a long header only when it is there: it may come byte by byte.</summary>
    private static ProxyHeaderState Look(in ReadOnlySequence<byte> buffer, out int length, out ProxiedPeer? peer)
    {
        Span<byte> head = stackalloc byte[ProxyHeader.MaxLine];
        var count = (int)Math.Min(buffer.Length, head.Length);
        buffer.Slice(0, count).CopyTo(head);
        var state = ProxyHeader.Read(head[..count], out length, out peer);
        return state == ProxyHeaderState.Incomplete && length > head.Length && buffer.Length >= length
            ? ProxyHeader.Read(buffer.Slice(0, length).ToArray(), out length, out peer)
            : state;
    }

    private static byte[] Larger(byte[] bytes, int have, int length)
    {
        var larger = ByteBuffers.Rent(length);
        bytes.AsSpan(0, have).CopyTo(larger);
        ByteBuffers.Return(bytes);
        return larger;
    }

    private bool TryCount(int length, ref int counted)
    {
        var more = length > Usual ? length - counted : 0;
        if (more == 0)
            return true;
        if (!strangers.TryTake(more))
            return false;
        counted += more;
        return true;
    }
}
