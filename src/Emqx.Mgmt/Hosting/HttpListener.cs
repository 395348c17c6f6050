using System.Net;
using System.Net.Sockets;
using Emqx.Broker.Mqtt.Listening;
using Emqx.Broker.Mqtt.Transport;
using Emqx.Broker.Settings;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Emqx.Mgmt.Hosting;

/// <summary>One listener of the HTTP side: a Kestrel of its own, so that it opens and closes without the others.</summary>
internal sealed class HttpListener : IDisposable
{
    private readonly KestrelServer _server;
    private readonly ListenerTls? _security;

    /// <param name="security">Null: without TLS.</param>
    public HttpListener(HttpListenerSettings settings, ListenerTls? security, IServiceProvider services, ILoggerFactory loggers)
    {
        (Settings, _security) = (settings, security);
        var options = new KestrelServerOptions { ApplicationServices = services };
        options.BoundForStrangers();
        options.Listen(AddressOf(settings), listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            if (security is not null)
                listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => new(security.GetAsync()), HandshakeTimeout = TimeSpan.FromMilliseconds(settings.Tls!.HandshakeTimeout) });
        });
        var transport = new SocketTransportOptions { Backlog = settings.Backlog, CreateBoundListenSocket = end => Bound(end, settings.Ipv6Only) };
        _server = new(Options.Create(options), new BoundedTransport(Options.Create(transport), loggers, services.GetRequiredService<Descriptors>(), Descriptors.HttpReserve), loggers);
    }

    public HttpListenerSettings Settings { get; }

    /// <summary>Where it listens, <c>http://127.0.0.1:18083</c>.</summary>
    public IEnumerable<string> Addresses => _server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;

    /// <summary>Opens it; fails with <see cref="IOException"/> where its address cannot be had.</summary>
    public async Task OpenAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellation) where TContext : notnull
    {
        try
        {
            await _server.StartAsync(application, cancellation);
        }
        catch (SocketException error)
        {
            throw new IOException($"cannot listen on {Settings.Bind}: {error.Message}", error);
        }
    }

    /// <summary>Reads the files of its certificates anew; fails where they cannot be used, and goes on with what it has.</summary>
    public void RereadCertificates() => _security?.Reread();

    /// <summary>Takes no more connections at once; those that are there finish their requests, until the token.</summary>
    public Task CloseAsync(CancellationToken cancellation) => _server.StopAsync(cancellation);

    public void Dispose() => _server.Dispose();

    /// <summary>A port alone is one of IPv6 too, where that is wanted.</summary>
    private static IPEndPoint AddressOf(HttpListenerSettings settings) =>
        settings.Inet6 && settings.Bind.Address.Equals(IPAddress.Any) ? new(IPAddress.IPv6Any, settings.Bind.Port) : settings.Bind;

    private static Socket Bound(EndPoint end, bool ipv6Only)
    {
        if (!ipv6Only || end.AddressFamily != AddressFamily.InterNetworkV6)
            return SocketTransportOptions.CreateDefaultBoundListenSocket(end);
        var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = false };
        socket.Bind(end);
        return socket;
    }
}
