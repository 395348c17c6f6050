using Emqx.Broker.Messages;
using Emqx.Broker.Protocol;
using Emqx.Broker.Routing;
using Emqx.Broker.Sessions;
using Emqx.Broker.Timing;

namespace Emqx.Broker.Modules.Retainer;

/// <summary>
/// Puts the retained messages of a subscription that was made for an absent client (by the API) into its queue, as EMQX does: what the
/// queue has no room for is dropped as of any messages. It begins at once and goes on in turns.
/// </summary>
internal sealed class RetainedQueueing(Session session, Subscription subscription, RetainedStore store, RetainedDelivery delivery)
{
    private const int PlacesATurn = 1024;

    private RetainedWalk? _walk;

    /// <summary>A slice.</summary>
    public void Run()
    {
        var batch = FlushBatch.Begin(); // the client may have come back
        try
        {
            if (Go())
                Turns.Queue(Run);
        }
        finally
        {
            batch.End();
        }
    }

    /// <summary>True: there is more, and it is still wanted.</summary>
    private bool Go()
    {
        if (!subscription.Filter.IsWildcard)
        {
            Deliver(store.Find(subscription.Filter.Topic));
            return false;
        }

        _walk ??= store.Walk(subscription.Filter.Topic);
        for (var budget = PlacesATurn; budget > 0 && !_walk.IsOver; budget--)
            Deliver(store.Next(_walk, ref budget));

        return !_walk.IsOver && !session.HasEnded && ReferenceEquals(session.FindSubscription(subscription.Filter.Text), subscription);
    }

    private void Deliver(Message? message)
    {
        if (message is not null && !delivery.IsWithheld(message))
            session.Deliver(message, subscription, fromRetained: true);
    }
}
