using System.Security.Cryptography;
using Emqx.Broker.Mqtt.Transport;
using Emqx.Broker.Schema;
using Emqx.Broker.Schema.Tree;
using Emqx.Broker.Settings;
using Emqx.Broker.Settings.Layers;
using Emqx.Broker.Settings.Roots;
using Emqx.Broker.Storage;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Emqx.Mgmt.Hosting;

/// <summary>
/// The server of the HTTP side: the listeners of <c>dashboard.listeners</c>, which follow their settings. One that moves listens at its new address before a
/// change is stored, and what cannot be had there is refused.
/// </summary>
internal sealed class DashboardServer(NodeConfiguration configuration, TlsOptionsSource tls, IServiceProvider services, ILoggerFactory loggers, TimeProvider time)
    : IServer, IRootSwitch
{
    private const string Part = "dashboard.listeners";

    /// <summary>How long requests may take that are under way at an address that is given up.</summary>
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(10);
    private readonly ILogger _logger = loggers.CreateLogger<DashboardServer>();
    private readonly OneAtATime _moves = new();
    private readonly List<Task> _farewells = [];
    private readonly ServerAddressesFeature _addresses = new();
    private readonly Dictionary<string, HttpListener> _open = new(StringComparer.Ordinal);
    private Func<HttpListener, CancellationToken, Task>? _start;

    public string Root => DashboardSchema.Root.Name;

    public IFeatureCollection Features => field ??= WithAddresses();

    public async Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken) where TContext : notnull
    {
        _start = (listener, cancellation) => listener.OpenAsync(application, cancellation);
        foreach (var (name, settings) in Wanted(configuration.Dashboard))
        {
            try
            {
                if (settings is not null)
                    _open[name] = await OpenAsync(settings, cancellationToken);
            }
            catch (Exception error) when (error is IOException or CryptographicException)
            {
                throw new IOException($"Listener {name}:dashboard failed to start: {error.Message}", error);
            }
        }

        TellAddresses();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll([.. _open.Values.Select(one => one.CloseAsync(cancellationToken)), .. _farewells]);
    }

    public async ValueTask<Violation?> TrySwitchAsync(ConfigObject values)
    {
        if (_start is null)
            return null;
        using var turn = await _moves.TakeAsync(CancellationToken.None);
        try
        {
            return await TrySwitchAsync(DashboardSchema.Root.Read(values), new(StringComparer.Ordinal));
        }
        finally
        {
            TellAddresses();
        }
    }

    /// <summary>Reads the certificates anew, for the handshakes that follow. Where the files cannot be used, what was read before stays, and a log line tells so.</summary>
    public async Task RereadCertificatesAsync()
    {
        using var turn = await _moves.TakeAsync(CancellationToken.None);
        foreach (var (name, listener) in _open)
            Reread(name, listener);
    }

    public void Dispose()
    {
        foreach (var one in _open.Values)
            one.Dispose();
        _moves.Dispose();
    }

    /// <param name="before">What has been switched over, as it was.</param>
    private async ValueTask<Violation?> TrySwitchAsync(DashboardSettings wanted, Dictionary<string, HttpListenerSettings?> before)
    {
        foreach (var (name, settings) in Wanted(wanted))
        {
            var present = _open.GetValueOrDefault(name)?.Settings;
            if (Equals(present, settings))
                continue;
            before[name] = present;
            try
            {
                await MoveAsync(name, settings);
            }
            catch (Exception error) when (error is IOException or CryptographicException)
            {
                foreach (var (other, old) in before)
                    await MoveAsync(other, old);
                return error is CryptographicException
                    ? Violation.Because($"{Part}.{name}.ssl_options", "bad_ssl_config", ("message", error.Message))
                    : Violation.Wrong($"{Part}.{name}", settings?.Bind.ToString() ?? "", "cannot_listen");
            }
        }

        return null;
    }

    /// <summary>Opens the new one first, so that nothing is lost where it cannot be had; where both want one port, the old one has to go before.</summary>
    private async Task MoveAsync(string name, HttpListenerSettings? wanted)
    {
        _open.TryGetValue(name, out var old);
        if (Equals(old?.Settings, wanted))
            return;
        var security = wanted is null ? null : SecurityOf(wanted);
        var isShared = old is not null && wanted is not null && wanted.Bind.Port != 0 && old.Settings.Bind.Port == wanted.Bind.Port;
        if (isShared)
            GiveUp(name, old!);
        var made = wanted is null ? null : await OpenAsync(wanted, security, isShared ? time.GetTimestamp() : null, CancellationToken.None);
        if (!isShared && old is not null)
            GiveUp(name, old);
        if (made is not null)
            _open[name] = made;
    }

    private Task<HttpListener> OpenAsync(HttpListenerSettings settings, CancellationToken cancellation) =>
        OpenAsync(settings, SecurityOf(settings), since: null, cancellation);

    /// <param name="since">When somebody began to leave the address; for a second it is tried again.</param>
    private async Task<HttpListener> OpenAsync(HttpListenerSettings settings, ListenerTls? security, long? since, CancellationToken cancellation)
    {
        while (true)
        {
            var listener = new HttpListener(settings, security, services, loggers);
            try
            {
                await _start!(listener, cancellation);
                return listener;
            }
            catch (IOException) when (since is { } start && time.GetElapsedTime(start) < TimeSpan.FromSeconds(1))
            {
                listener.Dispose();
                await Task.Delay(s_step, time, cancellation);
            }
            catch
            {
                listener.Dispose();
                throw;
            }
        }
    }

    private ListenerTls? SecurityOf(HttpListenerSettings settings)
    {
        if (settings.Tls is not { } options)
            return null;
        var paths = configuration.Sources.Paths;
        return new ListenerTls(tls, options with
        {
            CertFile = Expanded(options.CertFile), KeyFile = Expanded(options.KeyFile), CaCertFile = Expanded(options.CaCertFile),
        });

        string? Expanded(string? file) => file is null ? null : paths.ExpandFile(file);
    }

    private void Reread(string name, HttpListener listener)
    {
        try
        {
            listener.RereadCertificates();
        }
        catch (Exception error) // Whatever is wrong with the files, the listener goes on.
        {
            HostingLog.CertificatesKept(_logger, $"{name}:dashboard", error.Message);
        }
    }

    /// <summary>Not waited for: the request that asks for the move is one of those that it lets finish.</summary>
    private void GiveUp(string name, HttpListener listener)
    {
        _open.Remove(name);
        _farewells.RemoveAll(static one => one.IsCompleted);
        _farewells.Add(CloseAsync(listener));
    }

    private async Task CloseAsync(HttpListener listener)
    {
        using var end = new CancellationTokenSource(s_farewell, time);
        await listener.CloseAsync(end.Token);
        listener.Dispose();
    }

    private static (string Name, HttpListenerSettings? Settings)[] Wanted(DashboardSettings settings) =>
    [
        ("http", settings.Http.Enable ? settings.Http : null),
        ("https", settings.Https is { Enable: true, Bind.Port: > 0 } ? settings.Https : null),
    ];

    private FeatureCollection WithAddresses()
    {
        var features = new FeatureCollection();
        features.Set<IServerAddressesFeature>(_addresses);
        return features;
    }

    private void TellAddresses()
    {
        _addresses.Addresses.Clear();
        foreach (var address in _open.Values.SelectMany(static one => one.Addresses))
            _addresses.Addresses.Add(address);
    }
}
