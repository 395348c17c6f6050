using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using Emqx.Broker.Mqtt.Transport;
using Emqx.Broker.Protocol;
using Emqx.Broker.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Emqx.Broker.Mqtt.Listening;

/// <summary>A ws or wss listener: a slim web application of its own that knows one path.</summary>
internal sealed class WebSocketListener(ListenerSettings settings, PacketHandlers handlers, TlsOptionsSource? tls, WebSocketCount count, ILoggerFactory loggers)
    : ListenerRuntime(settings, handlers)
{
    private WebApplication? _app;
    private ListenerTls? _security;
    private IPEndPoint _bound = settings.Bind;

    public override IPEndPoint Bound => _bound;

    public override async Task OpenAsync(CancellationToken cancellation)
    {
        _security = tls is null ? null : new ListenerTls(tls, Settings.Tls);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddSingleton<IConnectionListenerFactory>(
            new BoundedTransport(Options.Create(new SocketTransportOptions { Backlog = Settings.Backlog }), loggers, Descriptors, Descriptors.MqttReserve));
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = null;
            kestrel.Limits.MaxConcurrentUpgradedConnections = null;
            kestrel.Listen(Settings.Bind, listen =>
            {
                listen.Protocols = Microsoft.AspNetCore.Server.Kestrel.Core.HttpProtocols.Http1;
                listen.Use(ApplyOptions);
                listen.Use(TakeProxyHeader);
                if (_security is not null)
                    listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => new(_security.GetAsync()) });
            });
        });
        var app = _app = builder.Build();
        app.Use(WebSocketHandshake.TakeVersion8);
        app.Use(WebSocketHandshake.WantMasks);
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.Zero });
        app.Run(HandleAsync);
        try
        {
            await app.StartAsync(cancellation).ConfigureAwait(false);
        }
        catch (SocketException error)
        {
            throw new IOException(error.Message, error); // Kestrel's own IOException is for a busy port alone
        }

        _bound = new IPEndPoint(Settings.Bind.Address, new Uri(app.Urls.First()).Port);
    }

    public override void Update(ListenerSettings settings)
    {
        var made = tls is null ? null : new ListenerTls(tls, settings.Tls); // may fail: first
        base.Update(settings);
        _security = made;
    }

    public override void RereadCertificates() => _security?.Reread();

    protected override async ValueTask CloseAsync()
    {
        if (_app is not { } app)
            return;
        using var now = new CancellationTokenSource();
        await now.CancelAsync().ConfigureAwait(false);
        await app.StopAsync(now.Token).ConfigureAwait(false);
        await app.DisposeAsync().ConfigureAwait(false);
    }

    private ConnectionDelegate ApplyOptions(ConnectionDelegate next) => connection =>
    {
        if (connection.Features.Get<IConnectionSocketFeature>() is { } feature)
            TcpOptions.Apply(feature.Socket, Settings);
        return next(connection);
    };

    private ConnectionDelegate TakeProxyHeader(ConnectionDelegate next) => connection =>
        Settings.ProxyProtocol ? ServeProxied(connection, next) : next(connection);

    private async Task ServeProxied(ConnectionContext connection, ConnectionDelegate next)
    {
        try
        {
            using var limit = ProxyHeaderReading.Limit(Settings, connection.ConnectionClosed);
            var own = (connection.RemoteEndPoint as IPEndPoint)?.Normalize() ?? new IPEndPoint(IPAddress.None, 0);
            if (!Allows(own.Address) || !HasRoom(Count) || await ProxyHeaders.ReadAsync(connection.Transport.Input, limit.Token).ConfigureAwait(false) is not { } told)
                return;
            connection.RemoteEndPoint = told.EndPoint ?? own;
            connection.Features.Set(told);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            return; // no header in time: closed without a word
        }

        await next(connection).ConfigureAwait(false);
    }

    private async Task HandleAsync(HttpContext context)
    {
        var options = Settings.WebSocket;
        var refusal = WebSocketHandshake.Judge(context, options, out var subprotocol);
        if (refusal != 0)
        {
            context.Response.StatusCode = refusal;
            return;
        }

        var peer = WebSocketHandshake.PeerOf(context, options);
        var lifetime = context.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
        context.Features.Set<IHttpRequestLifetimeFeature>(new PatientLifetime(lifetime));
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            SubProtocol = subprotocol, KeepAliveInterval = TimeSpan.Zero,
            DangerousEnableCompression = options.Compress && context.Request.Headers.SecWebSocketExtensions.ToString().Contains("permessage-deflate", StringComparison.Ordinal),
        }).ConfigureAwait(false);

        // EMQX compares max_connections with all WebSocket clients of the node.
        var open = count.Enter() - 1;
        if (!(Settings.ProxyProtocol || Allows(peer.Address)) || !Admits(open))
        {
            count.Leave();
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted).ConfigureAwait(false);
            return;
        }

        Entered();
        try
        {
            var origin = OriginOf(context, peer);
            using var transport = new WebSocketTransport(socket, options, Wheel, lifetime.Abort);
            await ServeAsync(transport, origin).ConfigureAwait(false);
        }
        finally
        {
            Left();
            count.Leave();
        }
    }

    /// <summary>Where the client has not named the host by TLS, or to its proxy, it has by HTTP.</summary>
    private ConnectionOrigin OriginOf(HttpContext context, IPEndPoint peer)
    {
        var told = context.Features.Get<ProxiedPeer>();
        var name = context.Features.Get<ITlsHandshakeFeature>()?.HostName is { Length: > 0 } asked ? asked : told?.ServerName ?? context.Request.Host.Host;
        return new ConnectionOrigin(Settings, peer, context.Connection.LocalPort)
        {
            ServerName = name.Length == 0 ? null : name,
            Certificate = context.Connection.ClientCertificate,
            CertificateName = told?.CommonName,
        };
    }

    /// <summary>
    /// ASP.NET Core cuts a connection as soon as it has answered a wrong frame, and the answer with it. The end of the request
    /// closes it in order.
    /// </summary>
    private sealed class PatientLifetime(IHttpRequestLifetimeFeature connection) : IHttpRequestLifetimeFeature
    {
        public CancellationToken RequestAborted
        {
            get => connection.RequestAborted;
            set => connection.RequestAborted = value;
        }

        public void Abort()
        {
        }
    }

    /// <summary>The listener's life is the broker's business, not the console's.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

/// <summary>All WebSocket clients of the node, whatever their listener.</summary>
internal sealed class WebSocketCount
{
    private int _count;

    public int Enter() => Interlocked.Increment(ref _count);

    public void Leave() => Interlocked.Decrement(ref _count);
}
