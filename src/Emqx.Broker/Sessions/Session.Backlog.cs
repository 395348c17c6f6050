using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;

namespace Emqx.Broker.Sessions;

/// <summary>What follows to the client as it has room.</summary>
internal sealed partial class Session
{
    private IBacklog? _backlog;

    /// <summary>What is told of room; null where nothing follows.</summary>
    public IBacklog? Backlog => Volatile.Read(ref _backlog);

    /// <summary>Puts a backlog in the place of another, null for none. False: that was not the present one.</summary>
    public bool ChangeBacklog(IBacklog? from, IBacklog? to) => Interlocked.CompareExchange(ref _backlog, to, from) == from;

    /// <summary>Delivers a message that was kept for the client, if there is room. False: not now; <see cref="Backlog"/> is told when.</summary>
    public bool TryFollow(Message message, Subscription subscription)
    {
        var options = subscription.Options;
        var qos = _settings.UpgradeQos ? Math.Max(message.Qos, options.Qos) : Math.Min(message.Qos, options.Qos);
        lock (_gate)
        {
            if (_ended || _link is not { } link)
                return false;
            if (qos != 0 && (_again is not null || _mqueue.Count != 0 || _inflight.Count >= InflightMax))
                return false;
            return link.HasRoom() && SendNow(link, message, subscription, qos, message.Retain);
        }
    }
}
