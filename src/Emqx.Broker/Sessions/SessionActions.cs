using Emqx.Broker.Access;
using Emqx.Broker.Clients;
using Emqx.Broker.Messages;
using Emqx.Broker.Protocol;

namespace Emqx.Broker.Sessions;

/// <summary>What the API does to sessions.</summary>
internal sealed class SessionActions(SessionTable table, SubscriptionControl subscriptions) : ISessionActions
{
    public Session? Find(string clientId) => table.Find(clientId);

    public bool Kick(Session session)
    {
        var batch = FlushBatch.Begin();
        try
        {
            return table.Kick(session);
        }
        finally
        {
            batch.End();
        }
    }

    public byte Subscribe(Session session, string filter, SubscriptionOptions options)
    {
        var batch = FlushBatch.Begin();
        try
        {
            var mounted = TopicFilter.Parse(filter).Mount(session.Client.Mountpoint);
            var code = subscriptions.Add(session, mounted, options, out var added, out var isNew);
            if (added is not null)
                subscriptions.Told(session, added, isNew);
            return code;
        }
        finally
        {
            batch.End();
        }
    }

    public void Unsubscribe(Session session, string filter) =>
        subscriptions.Remove(session, TopicFilter.Parse(filter).Mount(session.Client.Mountpoint));

    public void SetKeepAlive(Session session, int seconds)
    {
        session.Client.KeepAlive = seconds;
        session.Link?.KeepAliveChanged();
    }

    public AuthorizationCache? AuthorizationCacheOf(Session session) => session.Link?.AuthorizationCache;
}
