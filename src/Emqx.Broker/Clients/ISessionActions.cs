using Emqx.Broker.Access;
using Emqx.Broker.Protocol;
using Emqx.Broker.Sessions;

namespace Emqx.Broker.Clients;

/// <summary>What the management of clients needs of the table of sessions: the narrow side of it that acts.</summary>
internal interface ISessionActions
{
    /// <summary>The session of a client id, connected or waiting; null where there is none.</summary>
    Session? Find(string clientId);

    /// <summary>
    /// Ends a session for good, with the connection it may have: DISCONNECT 0x98 to MQTT 5 clients, the will at once,
    /// disconnect reason <c>kicked</c>. False where it was gone already.
    /// </summary>
    bool Kick(Session session);

    /// <summary>
    /// Subscribes as the client's own SUBSCRIBE would, without authorization: options replaced, retained messages delivered.
    /// <paramref name="filter"/> is as given, <c>$share/…</c> and <c>$exclusive/…</c> included and not otherwise validated.
    /// Gives an MQTT 5 reason code; below 0x80 it is done.
    /// </summary>
    byte Subscribe(Session session, string filter, SubscriptionOptions options);

    /// <summary>Unsubscribes; what was not subscribed does not matter.</summary>
    void Unsubscribe(Session session, string filter);

    /// <summary>Changes the keepalive check of a connected client from now on (seconds, 0 for none) and <see cref="ClientInfo.KeepAlive"/>.</summary>
    void SetKeepAlive(Session session, int seconds);

    /// <summary>The decisions on what the client may do that are remembered; null where there are none yet.</summary>
    AuthorizationCache? AuthorizationCacheOf(Session session);
}
