using Emqx.Broker.Cluster;
using Emqx.Broker.Hooks;
using Emqx.Broker.Messages;
using Emqx.Broker.Monitoring;
using Emqx.Broker.Protocol;
using Emqx.Broker.Settings;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Modules.SysTopics;

/// <summary>
/// Publishes <c>$SYS/brokers/NODE/clients/ID/connected</c>, <c>disconnected</c>, <c>subscribed</c>, <c>unsubscribed</c>, as
/// sys_event_messages allows. Clients never wait for it: what does not fit in the queue is dropped and counted.
/// </summary>
internal sealed class SysEvents(IMessagePublisher publisher, SettingsRoot<SysTopicsSettings> settings, NodeIdentity identity, TimeProvider time,
    ILogger<SysEvents> logger) : INodeModule
{
    private readonly WorkQueue<SysEvent> _queue = new(16_384);
    private readonly string _prefix = $"$SYS/brokers/{identity.Name}/clients/";
    private long _told;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public void Attach(BrokerHooks hooks)
    {
        hooks.ClientConnected.Add(OnConnected);
        hooks.ClientDisconnected.Add(OnDisconnected);
        hooks.SessionSubscribed.Add(OnSubscribed);
        hooks.SessionUnsubscribed.Add(OnUnsubscribed);
    }

    public Task RunAsync(CancellationToken cancellation) => _queue.RunAsync(PublishAsync, logger, cancellation);

    private void OnConnected(ClientConnected connected)
    {
        if (settings.Current.ClientConnected)
            _queue.Add(new SysEvent("connected", Now, connected.Client) { Expiry = connected.Session.ExpiryInterval });
    }

    private void OnDisconnected(ClientDisconnected left)
    {
        if (settings.Current.ClientDisconnected)
            _queue.Add(new SysEvent("disconnected", Now, left.Client) { Reason = left.Reason, DisconnectedAt = left.At });
    }

    private void OnSubscribed(SessionSubscribed subscribed)
    {
        if (!settings.Current.ClientSubscribed)
            return;
        var subscription = subscribed.Subscription;
        _queue.Add(new SysEvent("subscribed", Now, subscribed.Session.Client)
        {
            Filter = subscription.Filter.Text, Options = subscription.Options, IsNew = subscribed.IsNew,
        });
    }

    private void OnUnsubscribed(SessionUnsubscribed unsubscribed)
    {
        if (settings.Current.ClientUnsubscribed)
            _queue.Add(new SysEvent("unsubscribed", Now, unsubscribed.Session.Client) { Filter = unsubscribed.Subscription.Filter.Text });
    }

    private ValueTask PublishAsync(SysEvent one, CancellationToken cancellation)
    {
        var topic = $"{_prefix}{one.Client.ClientId}/{one.What}";
        publisher.Publish(Message.Create(topic, one.ToJson(), SysTopicsPublisher.From, one.At, isSystem: true));
        TellOfLosses();
        return ValueTask.CompletedTask;
    }

    private void TellOfLosses()
    {
        var dropped = _queue.Dropped;
        if (dropped == _told)
            return;
        MonitoringLog.EventsDropped(logger, dropped - _told);
        _told = dropped;
    }
}
