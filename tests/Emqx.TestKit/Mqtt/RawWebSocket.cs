using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Emqx.TestKit.Mqtt;

/// <summary>A WebSocket client (RFC 6455) that sends and reads single frames, also wrong ones.</summary>
public sealed class RawWebSocket(Stream stream) : IAsyncDisposable
{
    public const int Continuation = 0, TextFrame = 1, BinaryFrame = 2, Close = 8, Ping = 9, Pong = 10;

    public static async Task<RawWebSocket> OpenAsync(IPEndPoint broker) => new(await OpenStreamAsync(broker));

    /// <summary>Asks for the upgrade and gives the answer back.</summary>
    public async Task<HandshakeAnswer> UpgradeAsync(string path = "/mqtt", string? subprotocol = "mqtt", string extraHeaders = "", int version = 13)
    {
        var request = new StringBuilder($"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n")
            .Append($"Sec-WebSocket-Key: {Convert.ToBase64String(RandomNumberGenerator.GetBytes(16))}\r\nSec-WebSocket-Version: {version}\r\n");
        if (subprotocol is not null)
            request.Append($"Sec-WebSocket-Protocol: {subprotocol}\r\n");
        return await RequestAsync(request.Append(extraHeaders).Append("\r\n").ToString());
    }

    /// <summary>Sends a request as it stands and gives the answer's head back.</summary>
    public async Task<HandshakeAnswer> RequestAsync(string request)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request)).AsTask().WaitAsync(Patience.Long);
        var head = new List<byte>();
        var one = new byte[1];
        while (!Encoding.ASCII.GetString([.. head]).EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one).AsTask().WaitAsync(Patience.Long);
            head.Add(one[0]);
        }

        var lines = Encoding.ASCII.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(line => line.Split(':', 2)).ToDictionary(p => p[0].ToLowerInvariant(), p => p[1].Trim());
        return new HandshakeAnswer(int.Parse(lines[0].Split(' ')[1], null), headers);
    }

    public Task SendAsync(int opcode, ReadOnlyMemory<byte> payload, bool final = true, bool masked = true) =>
        SendRawAsync((byte)((final ? 0x80 : 0) | opcode), payload, masked);

    /// <summary>Sends bytes as they are.</summary>
    public Task SendBytesAsync(ReadOnlyMemory<byte> bytes) => stream.WriteAsync(bytes).AsTask().WaitAsync(Patience.Long);

    /// <summary>Sends a frame with that first byte.</summary>
    public async Task SendRawAsync(byte first, ReadOnlyMemory<byte> payload, bool masked = true)
    {
        var frame = new PacketWriter().Byte(first);
        var mask = (byte)(masked ? 0x80 : 0);
        if (payload.Length < 126)
            frame.Byte((byte)(mask | payload.Length));
        else if (payload.Length < 65536)
            frame.Byte((byte)(mask | 126)).Short(payload.Length);
        else
            frame.Byte((byte)(mask | 127)).Int(0).Int((uint)payload.Length);
        var data = payload.ToArray();
        if (masked)
        {
            var key = RandomNumberGenerator.GetBytes(4);
            frame.Raw(key);
            for (var i = 0; i < data.Length; i++)
                data[i] ^= key[i & 3];
        }

        await stream.WriteAsync(frame.Raw(data).ToArray()).AsTask().WaitAsync(Patience.Long);
    }

    /// <summary>The next frame, or null where the connection has ended.</summary>
    public async Task<WebSocketFrame?> ReadAsync(TimeSpan? patience = null)
    {
        var head = new byte[2];
        var read = await stream.ReadAtLeastAsync(head, 2, throwOnEndOfStream: false).AsTask().WaitAsync(patience ?? Patience.Long);
        if (read < 2)
            return null;
        long length = head[1] & 127;
        var wide = new byte[length == 126 ? 2 : length == 127 ? 8 : 0];
        await stream.ReadExactlyAsync(wide).AsTask().WaitAsync(Patience.Long);
        if (wide.Length > 0)
            length = wide.Aggregate(0L, (sum, b) => sum << 8 | b);
        var payload = new byte[length];
        await stream.ReadExactlyAsync(payload).AsTask().WaitAsync(Patience.Long);
        return new WebSocketFrame(head[0], payload);
    }

    /// <summary>The next frame, decoded as one whole packet.</summary>
    public async Task<ReceivedPacket> ReadPacketAsync(byte version = 5)
    {
        var frame = await ReadAsync() ?? throw new ExpectationException("the broker closed the connection");
        if (frame.Opcode != BinaryFrame)
            throw new ExpectationException($"{frame} instead of a binary frame");
        var reader = new PacketReader(frame.Payload);
        var first = reader.Byte();
        var length = (int)reader.VarInt();
        var body = reader.Rest();
        return body.Length == length ? new ReceivedPacket(first, body, version) : throw new ExpectationException($"{frame} is not one packet");
    }

    /// <summary>That a close frame with that code comes (null: without a code), and then the end of the connection.</summary>
    public async Task ExpectCloseAsync(int? code)
    {
        var frame = await ReadAsync() ?? throw new ExpectationException("the broker closed without a close frame");
        if (frame.Opcode != Close || frame.CloseCode != code)
            throw new ExpectationException($"{frame} instead of close {code}");
        await ExpectEndAsync();
    }

    /// <summary>That the connection ends without another frame.</summary>
    public async Task ExpectEndAsync()
    {
        try
        {
            if (await ReadAsync() is { } more)
                throw new ExpectationException($"{more} instead of the end of the connection");
        }
        catch (IOException)
        {
            // A reset is an end, too.
        }
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    internal static async Task<Stream> OpenStreamAsync(IPEndPoint broker)
    {
        var socket = new Socket(broker.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(broker).WaitAsync(Patience.Long);
        return new NetworkStream(socket, ownsSocket: true);
    }
}

/// <summary>The head of the answer to an upgrade; header names are lower case.</summary>
public sealed record HandshakeAnswer(int Status, IReadOnlyDictionary<string, string> Headers);

/// <summary>One frame from the broker.</summary>
public sealed record WebSocketFrame(byte First, byte[] Payload)
{
    public int Opcode => First & 15;

    /// <summary>The code of a close frame, or null where it has none.</summary>
    public int? CloseCode => Payload.Length >= 2 ? Payload[0] << 8 | Payload[1] : null;

    public override string ToString() => $"frame {First:X2} {Convert.ToHexString(Payload)}";
}
