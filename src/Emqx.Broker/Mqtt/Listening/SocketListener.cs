using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Emqx.Broker.Mqtt.Transport;
using Emqx.Broker.Protocol;
using Emqx.Broker.Settings;
using Emqx.Broker.Timing;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Mqtt.Listening;

/// <summary>A tcp or ssl listener on a socket of its own.</summary>
internal sealed class SocketListener(ListenerSettings settings, PacketHandlers handlers, TlsOptionsSource? tls, ILogger logger, TimeProvider time)
    : ListenerRuntime(settings, handlers)
{
    private readonly CancellationTokenSource _stop = new();
    private readonly LineASecond _failures = new(time);
    private IPEndPoint _bound = settings.Bind;
    private Socket? _socket;
    private Task _accepting = Task.CompletedTask;
    private ListenerTls? _tls;

    public override IPEndPoint Bound => _bound;

    public override Task OpenAsync(CancellationToken cancellation)
    {
        if (tls is not null)
            _tls = new ListenerTls(tls, Settings.Tls);
        _socket = Bind(Settings);
        _bound = (IPEndPoint)_socket.LocalEndPoint!;
        _accepting = AcceptAsync(_socket);
        return Task.CompletedTask;
    }

    public override void Update(ListenerSettings settings)
    {
        var made = tls is null ? null : new ListenerTls(tls, settings.Tls); // may fail: first
        base.Update(settings);
        _tls = made;
    }

    public override void RereadCertificates() => _tls?.Reread();

    public override async ValueTask StopAcceptingAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _socket?.Dispose();
        await _accepting.ConfigureAwait(false);
    }

    protected override async ValueTask CloseAsync()
    {
        await StopAcceptingAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private static Socket Bind(ListenerSettings settings)
    {
        var socket = new Socket(settings.Bind.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (settings.Bind.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = settings.Bind.Address.Equals(IPAddress.IPv6Any);
            socket.Bind(settings.Bind);
            socket.Listen(settings.Backlog);
            return socket;
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw new IOException($"{settings.Id} cannot listen on {settings.Bind}: {error.Message}", error);
        }
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await listener.AcceptAsync(_stop.Token).ConfigureAwait(false);
                Take(socket);
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException error)
            {
                if (_stop.IsCancellationRequested)
                    return;
                // Out of descriptors or the like: a pause lets others finish.
                if (_failures.IsDue(out _))
                    MqttLog.AcceptFailed(logger, Settings.Id, error.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(100), time, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private void Take(Socket socket)
    {
        var isProxied = Settings.ProxyProtocol;
        try
        {
            var peer = (socket.RemoteEndPoint as IPEndPoint)?.Normalize();
            if (peer is null || !Descriptors.Admits(socket, Descriptors.MqttReserve) || !Allows(peer.Address) || !(isProxied ? HasRoom(Count) : Admits(Count)))
            {
                socket.Close(0); // a reset: nothing of the peer's is read
                return;
            }

            TcpOptions.Apply(socket, Settings);
            var origin = new ConnectionOrigin(Settings, peer, Bound.Port);
            Entered();
            _ = isProxied ? ServeProxied(socket, origin) : Serve(socket, origin);
        }
        catch (SocketException)
        {
            socket.Dispose(); // gone before it was looked at
        }
    }

    private Task Serve(Socket socket, ConnectionOrigin origin) => tls is null ? ServePlain(socket, origin) : ServeTls(socket, origin);

    /// <summary>Who comes is known only behind the proxy's header: it counts as a connection before, and may come in or not after.</summary>
    private async Task ServeProxied(Socket socket, ConnectionOrigin origin)
    {
        ProxiedPeer? told = null;
        try
        {
            using var limit = ProxyHeaderReading.Limit(Settings, _stop.Token);
            told = await ProxyHeaders.ReadAsync(socket, limit.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            MqttLog.HandshakeFailed(logger, Settings.Id, error.Message);
        }

        if (told is not null && Admits(Count - 1))
        {
            await Serve(socket, origin.Told(told)).ConfigureAwait(false);
            return;
        }

        socket.Close(0);
        Left();
    }

    private Task ServePlain(Socket socket, ConnectionOrigin origin)
    {
        try
        {
            return ServeAsync(SocketLoop.IsSupported ? new PolledTransport(socket) : new SocketTransport(socket), origin, leaves: true);
        }
        catch (Exception error) // Whatever it is, the listener goes on.
        {
            MqttLog.HandshakeFailed(logger, Settings.Id, error.Message);
            socket.Dispose();
            Left();
            return Task.CompletedTask;
        }
    }

    private async Task ServeTls(Socket socket, ConnectionOrigin origin)
    {
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true), leaveInnerStreamOpen: false);
        try
        {
            using (var timeout = new CancellationTokenSource(TimeSpan.FromMilliseconds(Settings.Tls.HandshakeTimeout), time))
                await stream.AuthenticateAsServerAsync(await _tls!.GetAsync().ConfigureAwait(false), timeout.Token).ConfigureAwait(false);
            var told = origin with
            {
                ServerName = stream.TargetHostName is { Length: > 0 } name ? name : null,
                CertificateName = null, // the client's TLS ends here: what it has shown is known at first hand
                Certificate = stream.RemoteCertificate as X509Certificate2,
            };
            await ServeAsync(new StreamTransport(stream, socket), told).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or AuthenticationException or OperationCanceledException or SocketException or ObjectDisposedException
                                          or CryptographicException or UnauthorizedAccessException)
        {
            MqttLog.HandshakeFailed(logger, Settings.Id, error.Message);
        }
        finally
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            socket.Dispose();
            Left();
        }
    }
}
