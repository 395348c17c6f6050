using System.Threading.Channels;
using Emqx.Broker.Cluster;
using Emqx.Broker.Hooks;
using Emqx.Broker.Messages;
using Emqx.Broker.Monitoring;
using Emqx.Broker.Protocol;
using Emqx.Broker.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Modules.SysTopics;

/// <summary>
/// Publishes <c>$SYS/brokers/NODE/clients/ID/connected</c>, <c>disconnected</c>, <c>subscribed</c>, <c>unsubscribed</c>, as
/// sys_event_messages allows. Clients never wait for it: what does not fit in the queue is dropped and counted.
/// </summary>
internal sealed class SysEvents : BackgroundService
{
    private const int Capacity = 16_384;
    private readonly Channel<SysEvent> _queue;
    private readonly IMessagePublisher _publisher;
    private readonly SettingsRoot<SysTopicsSettings> _settings;
    private readonly TimeProvider _time;
    private readonly ILogger<SysEvents> _logger;
    private readonly string _prefix;
    private readonly IDisposable[] _listeners;
    private long _dropped, _told;

    public SysEvents(BrokerHooks hooks, IMessagePublisher publisher, SettingsRoot<SysTopicsSettings> settings, NodeIdentity identity,
        TimeProvider time, ILogger<SysEvents> logger)
    {
        (_publisher, _settings, _time, _logger) = (publisher, settings, time, logger);
        _prefix = $"$SYS/brokers/{identity.Name}/clients/";
        _queue = Channel.CreateBounded<SysEvent>(
            new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true },
            _ => Interlocked.Increment(ref _dropped));
        _listeners =
        [
            hooks.ClientConnected.Add(OnConnected), hooks.ClientDisconnected.Add(OnDisconnected),
            hooks.SessionSubscribed.Add(OnSubscribed), hooks.SessionUnsubscribed.Add(OnUnsubscribed),
        ];
    }

    /// <summary>Events that were lost because too many came at once.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    public override void Dispose()
    {
        foreach (var listener in _listeners)
            listener.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _queue.Reader.WaitToReadAsync(stoppingToken).ConfigureAwait(false))
            {
                while (_queue.Reader.TryRead(out var one))
                    Publish(one);
                TellOfLosses();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private void OnConnected(ClientConnected connected)
    {
        if (_settings.Current.ClientConnected)
            _queue.Writer.TryWrite(new SysEvent("connected", Now, connected.Client) { Expiry = connected.Session.ExpiryInterval });
    }

    private void OnDisconnected(ClientDisconnected left)
    {
        if (_settings.Current.ClientDisconnected)
            _queue.Writer.TryWrite(new SysEvent("disconnected", Now, left.Client) { Reason = left.Reason, DisconnectedAt = left.At });
    }

    private void OnSubscribed(SessionSubscribed subscribed)
    {
        if (!_settings.Current.ClientSubscribed)
            return;
        var subscription = subscribed.Subscription;
        _queue.Writer.TryWrite(new SysEvent("subscribed", Now, subscribed.Session.Client)
        {
            Filter = subscription.Filter.Text, Options = subscription.Options, IsNew = subscribed.IsNew,
        });
    }

    private void OnUnsubscribed(SessionUnsubscribed unsubscribed)
    {
        if (_settings.Current.ClientUnsubscribed)
            _queue.Writer.TryWrite(new SysEvent("unsubscribed", Now, unsubscribed.Session.Client) { Filter = unsubscribed.Subscription.Filter.Text });
    }

    private void Publish(SysEvent one)
    {
        var topic = $"{_prefix}{one.Client.ClientId}/{one.What}";
        _publisher.Publish(Message.Create(topic, one.ToJson(), SysTopicsPublisher.From, one.At, isSystem: true));
    }

    private void TellOfLosses()
    {
        var dropped = Dropped;
        if (dropped == _told)
            return;
        MonitoringLog.EventsDropped(_logger, dropped - _told);
        _told = dropped;
    }
}
