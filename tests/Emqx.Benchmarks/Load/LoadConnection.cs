using System.Net;
using System.Net.Sockets;
using Emqx.TestKit.Mqtt;

namespace Emqx.Benchmarks.Load;

/// <summary>A connected MQTT 3.1.1 client that leaves reading to its owner.</summary>
internal sealed class LoadConnection : IDisposable
{
    private LoadConnection(Socket socket) => Socket = socket;

    public Socket Socket { get; }

    /// <param name="from">The last number of the address on loopback to come from; one address has 28,000 ports a minute.</param>
    public static async Task<LoadConnection> OpenAsync(int port, string clientId, bool clean = true, int from = 1, string? username = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (from != 1)
            socket.Bind(new IPEndPoint(new IPAddress([127, 0, 0, (byte)from]), 0));
        await socket.ConnectAsync(IPAddress.Loopback, port);
        await socket.SendAsync(new ConnectOptions { Version = 4, ClientId = clientId, Clean = clean, KeepAlive = 0, Username = username }.ToPacket());
        var answer = new byte[512];
        var read = await socket.ReceiveAsync(answer);
        return read >= 4 && answer[0] == 0x20 && answer[3] == 0
            ? new LoadConnection(socket)
            : throw new InvalidOperationException($"refused: {Convert.ToHexString(answer, 0, read)}");
    }

    public async Task SubscribeAsync(string filter, int qos)
    {
        await Socket.SendAsync(Packets.Subscribe(4, 1, null, (filter, (byte)qos)));
        var answer = new byte[256];
        var read = await Socket.ReceiveAsync(answer);
        if (read < 5 || answer[0] != 0x90)
            throw new InvalidOperationException("no SUBACK");
    }

    /// <summary>Opens that many clients, each with a subscription of its own, a hundred at a time, with a user name for each hundred where asked.</summary>
    public static async Task<List<LoadConnection>> OpenIdleAsync(int port, int count, bool withUsers = false)
    {
        var run = Guid.NewGuid().ToString("N")[..6];
        var all = new List<LoadConnection>(count);
        for (var first = 0; first < count; first += 100)
        {
            all.AddRange(await Task.WhenAll(Enumerable.Range(first, Math.Min(100, count - first)).Select(async i =>
            {
                var connection = await OpenAsync(port, $"idle{run}{i}", username: withUsers ? $"user{i / 100}" : null);
                await connection.SubscribeAsync($"idle/{i}/x", 0);
                return connection;
            })));
        }

        return all;
    }

    public void Dispose() => Socket.Dispose();
}
