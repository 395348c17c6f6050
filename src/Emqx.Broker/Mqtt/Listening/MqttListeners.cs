using System.Collections.Concurrent;
using Emqx.Broker.Mqtt.Transport;
using Emqx.Broker.Settings;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Mqtt.Listening;

/// <summary>The open listeners by id.</summary>
internal sealed class MqttListeners(PacketHandlers handlers, TlsOptionsSource tls, Farewell farewell, ILoggerFactory loggers, TimeProvider time)
    : IMqttListeners, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ListenerRuntime> _open = new(StringComparer.Ordinal);
    private readonly WebSocketCount _webSockets = new();
    private readonly ILogger _logger = loggers.CreateLogger<MqttListeners>();

    public async Task StartAsync(ListenerSettings settings, CancellationToken cancellation)
    {
        var listener = Create(settings);
        try
        {
            await listener.OpenAsync(cancellation).ConfigureAwait(false);
        }
        catch
        {
            await listener.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        if (!_open.TryAdd(settings.Id, listener))
        {
            await listener.DisposeAsync().ConfigureAwait(false);
            throw new IOException($"{settings.Id} is open already");
        }

        MqttLog.ListenerStarted(_logger, settings.Id, listener.Bound);
    }

    public async Task StopAsync(string id, CancellationToken cancellation)
    {
        if (!_open.TryRemove(id, out var listener))
            return;
        await listener.DisposeAsync().ConfigureAwait(false);
        MqttLog.ListenerStopped(_logger, id);
    }

    public Task UpdateAsync(ListenerSettings settings, CancellationToken cancellation)
    {
        if (_open.TryGetValue(settings.Id, out var listener))
            listener.Update(settings);
        return Task.CompletedTask;
    }

    public void RereadCertificates()
    {
        foreach (var (id, listener) in _open)
        {
            try
            {
                listener.RereadCertificates();
            }
            catch (Exception error) // Whatever is wrong with one listener's files, it and all others go on.
            {
                MqttLog.CertificatesKept(_logger, id, error.Message);
            }
        }
    }

    public ListenerState? Find(string id) =>
        _open.TryGetValue(id, out var listener) ? new ListenerState(listener.Settings, listener.Bound, listener.Count) : null;

    public async Task ShutDownAsync(CancellationToken cancellation)
    {
        handlers.IsStopping = true;
        foreach (var listener in _open.Values)
            await listener.StopAcceptingAsync().ConfigureAwait(false);
        await farewell.PublishWillsAsync(cancellation).ConfigureAwait(false);
        await farewell.SayGoodbyeAsync(() => _open.Values.All(static one => one.Count == 0), cancellation).ConfigureAwait(false);
        foreach (var id in _open.Keys.ToArray())
            await StopAsync(id, cancellation).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var id in _open.Keys.ToArray())
            await StopAsync(id, CancellationToken.None).ConfigureAwait(false);
    }

    private ListenerRuntime Create(ListenerSettings settings) => settings.Type switch
    {
        ListenerType.Tcp => new SocketListener(settings, handlers, null, _logger, time),
        ListenerType.Ssl => new SocketListener(settings, handlers, tls, _logger, time),
        ListenerType.Ws => new WebSocketListener(settings, handlers, null, _webSockets, loggers),
        _ => new WebSocketListener(settings, handlers, tls, _webSockets, loggers),
    };
}
