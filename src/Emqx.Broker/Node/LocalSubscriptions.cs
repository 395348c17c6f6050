using Emqx.Broker.Hooks;
using Emqx.Broker.Modules.Retainer;
using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;
using Microsoft.Extensions.Logging;

namespace Emqx.Broker.Node;

/// <summary>The subscriptions of code in this process.</summary>
internal sealed class LocalSubscriptions(Router router, RetainerModule retainer, ILogger<LocalSubscriptions> logger) : INodeModule
{
    private readonly Lock _gate = new();
    private readonly HashSet<Subscription> _present = [];
    private long _last;

    /// <summary>Subscribes, with the retained messages first. Dispose the result to unsubscribe.</summary>
    /// <exception cref="ArgumentException">It is no topic filter.</exception>
    public IDisposable Add(string filter, Action<BrokerMessage> receive)
    {
        if (!TopicFilter.TryParse(filter, out var parsed) || parsed.IsExclusive)
            throw new ArgumentException($"\"{filter}\" is no topic filter.", nameof(filter));

        var subscriber = new LocalSubscriber(Interlocked.Increment(ref _last), receive, logger);
        var subscription = new Subscription(subscriber, parsed, new SubscriptionOptions(Qos: 2, NoLocal: false, RetainAsPublished: false, RetainHandling: 0, Identifier: 0));
        lock (_gate)
            _present.Add(subscription);
        router.Add(subscription);
        retainer.Deliver(subscription, isNew: true);
        return new Registration(() => Remove(subscription));
    }

    public ValueTask ResetAsync(CancellationToken cancellation)
    {
        Subscription[] all;
        lock (_gate)
            all = [.. _present];
        foreach (var subscription in all)
            Remove(subscription);
        return ValueTask.CompletedTask;
    }

    private void Remove(Subscription subscription)
    {
        lock (_gate)
        {
            if (_present.Remove(subscription))
                router.Remove(subscription);
        }
    }
}
