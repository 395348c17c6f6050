using System.Globalization;
using System.Net.Sockets;
using Emqx.Broker.Settings;

namespace Emqx.Broker.Mqtt.Listening;

/// <summary>A listener's <c>tcp_options</c> on an accepted socket.</summary>
internal static class TcpOptions
{
    public static void Apply(Socket socket, ListenerSettings settings)
    {
        socket.NoDelay = settings.NoDelay;
        if (settings.ReceiveBuffer is { } received)
            socket.ReceiveBufferSize = received;
        if (settings.SendBuffer is { } sent)
            socket.SendBufferSize = sent;
        if (settings.NoLinger)
            socket.LingerState = new LingerOption(true, 0);
        if (settings.KeepAlive.Split(',', StringSplitOptions.TrimEntries) is not [var idle, var interval, var probes])
            return;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, Number(idle));
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, Number(interval));
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Number(probes));
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
